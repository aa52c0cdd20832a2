import { NeurovoyanceError } from '@neurovoyance/protocol'
import type { TensorDescription } from '../gateway/ports.js'

/** How a command answers: a person's text or one JSON value, on standard output. */
export interface Output {
  readonly json: boolean
  /** Prints the answer: `value` as one line of JSON with `--json`, else the text. */
  answer(value: unknown, text: () => string): void
  /** A remark for a person, on standard error; nothing with `--json`. */
  note(text: string): void
  /** Shows how far something has come, on standard error; `undefined` ends it. */
  progress(step: ProgressStep | undefined): void
}

/** How far something has come. */
export interface ProgressStep {
  readonly label: string
  readonly done: number
  readonly total: number
  /** `bytes` shows sizes; `count` shows numbers. */
  readonly unit: 'bytes' | 'count'
}

/** Output to this process's streams. */
export function createOutput(json: boolean): Output {
  const bar = progressBar(process.stderr)
  return {
    json,
    answer(value, text) {
      bar(undefined)
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`)
    },
    note(text) {
      bar(undefined)
      if (!json) process.stderr.write(`${text}\n`)
    },
    progress(step) {
      if (!json) bar(step)
    },
  }
}

/** Prints an error: what went wrong, what to do, its code; as JSON with `--json`. */
export function printError(error: unknown, json: boolean): void {
  const known = error instanceof NeurovoyanceError
  const code = known ? error.code : ((error as { code?: string }).code ?? 'NODE_INTERNAL')
  const message = inOurWords((error as Error)?.message ?? String(error))
  if (json)
    process.stdout.write(
      `${JSON.stringify({ error: { code, message, details: known ? error.details : {} } })}\n`,
    )
  else process.stderr.write(`nv: ${message} [${code}]\n`)
  if (process.env.NEUROVOYANCE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
}

/** A library names its functions in its advice; here, each is a command. */
function inOurWords(message: string): string {
  return message.replace(/ with models\.add$/, " with 'nv models add'")
}

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
export function describeTensor({ name, type, dims }: TensorDescription): string {
  return `${name}: ${type} [${dims?.map(dim => dim ?? '?').join(', ') ?? '…'}]`
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

/** A bar on a terminal; a line at each tenth elsewhere. */
function progressBar(stream: NodeJS.WriteStream): (step: ProgressStep | undefined) => void {
  let shown = ''
  return step => {
    if (step === undefined) {
      if (stream.isTTY && shown !== '') stream.write('\r\x1b[K')
      shown = ''
      return
    }
    const share = step.total > 0 ? Math.min(1, step.done / step.total) : 0
    const amount =
      step.unit === 'bytes'
        ? `${formatBytes(step.done)} of ${formatBytes(step.total)}`
        : `${step.done} of ${step.total}`
    if (stream.isTTY) {
      const filled = Math.round(share * 24)
      const bar = `${step.label} ${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${Math.round(share * 100)}% ${amount}`
      // What runs over the edge would not be wiped by the next.
      shown = bar.slice(0, stream.columns - 1)
      stream.write(`\r\x1b[K${shown}`)
      return
    }
    const line = `${step.label} ${Math.floor(share * 10) * 10}%`
    if (line !== shown) stream.write(`${line} (${amount})\n`)
    shown = line
  }
}
