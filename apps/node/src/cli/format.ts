import type { TensorDescription } from '../gateway/ports.js'

/** Text in columns, the header row first. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** An input or output for people: `x: float32 [batch, 3, 224, 224]`. */
export function describeTensor({ name, type, dims, optional = false }: TensorDescription): string {
  return `${name}: ${type} [${dims?.map(dim => dim ?? '?').join(', ') ?? '…'}]${optional ? ' (optional)' : ''}`
}

/** A size for people: `12.3 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}

/** A time for people: `3 h 20 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/** A machine's speed for people: `170 GFLOP/s, 21.3 GB/s`. */
export function describeSpeed(measured: { gflops: number; memoryBandwidthMbps: number }): string {
  if (measured.gflops === 0) return 'not measured yet'
  return `${measured.gflops.toFixed(0)} GFLOP/s, ${(measured.memoryBandwidthMbps / 1000).toFixed(1)} GB/s`
}

/** The last characters of an id, which tell ids apart better than the first. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 5)}…${id.slice(-6)}`
}

/** A multiaddr with its certificates' hashes cut short: those are for machines, who read `--json`. */
export function shortAddress(address: string): string {
  return address.replaceAll(/(?<=\/certhash\/)[^/]+/g, shortId)
}
