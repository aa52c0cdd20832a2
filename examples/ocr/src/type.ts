import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import opentype, { type Font } from 'opentype.js'

/**
 * Text as glyph outlines. A bare machine has no fonts, and an SVG's `<text>` is then drawn as nothing:
 * so the font comes from npm and every letter is a path.
 */
let font: Font | undefined

function serif(): Font {
  if (font === undefined) {
    const file = import.meta.resolve('@fontsource/source-serif-4/files/source-serif-4-latin-400-normal.woff')
    const bytes = readFileSync(fileURLToPath(file))
    font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  }
  return font
}

/** `text` as the SVG path data of its letters, starting at `x` on the baseline `y`. */
export function outline(text: string, x: number, y: number, size: number): string {
  // Not Path.toPathData(): it rounds by way of a string and writes NaN for coordinates like 2e-13.
  const { commands } = serif().getPath(text, x, y, size)
  return commands
    .map(
      ({ type, ...points }) =>
        type +
        Object.values(points)
          .map(point => point.toFixed(1))
          .join(' '),
    )
    .join('')
}

/** Width of `text` in pixels when set at `size`. */
export function widthOf(text: string, size: number): number {
  return serif().getAdvanceWidth(text, size)
}

/** `text` broken at spaces into lines of at most `width` pixels; a word wider than that has a line of its own. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer, size) > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return line === '' ? lines : [...lines, line]
}
