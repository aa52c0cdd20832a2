import type { Spread } from '@neurovoyance/testing/bench'

const width = 720
const rowHeight = 44
const left = 150
const right = 110
const top = 18
const axisHeight = 30
const tickCount = 5

/** A box plot in SVG: a row a side with its 5th to 95th percentile, quartiles and median. Readable on light and dark. */
export function plot(title: string, spread: Readonly<Record<string, Spread>>): string {
  const rows = Object.entries(spread)
  const end = niceCeiling(Math.max(...rows.map(([, { p95 }]) => p95)))
  const x = (value: number): number => left + (Math.max(0, value) / end) * (width - left - right)
  const height = top + rows.length * rowHeight + axisHeight
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${inSvg(title)}">`,
    '<style>text{font:13px system-ui,sans-serif;fill:#6e7781}.line{stroke:#8b949e}.box{fill:#2f81f7;fill-opacity:.35;stroke:#2f81f7}.median{stroke:#2f81f7;stroke-width:3}</style>',
    ...axis(end, x, height - axisHeight),
    ...rows.flatMap(([name, side], index) => row(name, side, x, top + index * rowHeight + rowHeight / 2)),
    '</svg>',
    '',
  ].join('\n')
}

function axis(end: number, x: (value: number) => number, y: number): string[] {
  return Array.from({ length: tickCount + 1 }, (_, tick) => (end * tick) / tickCount).flatMap(value => [
    `<line class="line" x1="${pixel(x(value))}" y1="${top}" x2="${pixel(x(value))}" y2="${y}" stroke-opacity=".25"/>`,
    `<text x="${pixel(x(value))}" y="${y + 20}" text-anchor="middle">${short(value)}</text>`,
  ])
}

function row(
  name: string,
  { unit, p5, p25, p50, p75, p95 }: Spread,
  x: (value: number) => number,
  y: number,
): string[] {
  return [
    `<text x="${left - 12}" y="${y + 4}" text-anchor="end">${inSvg(name)}</text>`,
    `<line class="line" x1="${pixel(x(p5))}" y1="${y}" x2="${pixel(x(p95))}" y2="${y}"/>`,
    `<rect class="box" x="${pixel(x(p25))}" y="${y - 10}" width="${pixel(Math.max(1, x(p75) - x(p25)))}" height="20" rx="2"/>`,
    `<line class="median" x1="${pixel(x(p50))}" y1="${y - 12}" x2="${pixel(x(p50))}" y2="${y + 12}"/>`,
    `<text x="${width - right + 12}" y="${y + 4}">${short(p50)} ${inSvg(unit)}</text>`,
  ]
}

/** The next of 1, 2, 2.5, 5 or 10 times a power of ten. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2, 2.5, 5, 10].find(step => step * power >= value) ?? 10)
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', {
    maximumSignificantDigits: 3,
    notation: value >= 1e5 ? 'compact' : 'standard',
  })
}

function pixel(value: number): string {
  return value.toFixed(1)
}

function inSvg(text: string): string {
  return text.replace(/[<>&"]/g, character => `&#${character.charCodeAt(0)};`)
}
