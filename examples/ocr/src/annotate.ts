import sharp from 'sharp'
import type { ReadLine } from './reader.js'
import { outline, widthOf } from './type.js'

/** The page with a box around every line, and beside it the text that was read, each line at the height of its box. */
export async function annotate(png: Uint8Array, lines: readonly ReadLine[]): Promise<Uint8Array> {
  const { width, height } = await sharp(png).metadata()
  const boxes = lines.map(({ box }) => `<polygon points="${box.map(point => point.join()).join(' ')}"/>`)
  const text = lines.map(line => textBeside(line, width))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * width}" height="${height}">
    <rect x="${width}" width="${width}" height="${height}" fill="#f2f5fa"/>
    <g fill="#2563eb" fill-opacity=".12" stroke="#2563eb">${boxes.join('')}</g>
    <path d="${text.join('')}" fill="#0f2a5c"/>
  </svg>`
  return sharp(png)
    .extend({ right: width, background: 'white' })
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer()
}

/** Letters are at most this many times as high as the line's box: a short text in a wide box stays in its line. */
const MAX_SIZE_PER_HEIGHT = 1.3

/** The text of a line at the place of its box, moved one page to the right and as wide as the box. */
function textBeside({ text, box }: ReadLine, pageWidth: number): string {
  const xs = box.map(([x]) => x)
  const ys = box.map(([, y]) => y)
  const left = Math.min(...xs)
  const height = Math.max(...ys) - Math.min(...ys)
  const widthPerSize = Math.max(widthOf(text, 1), 1e-3)
  const size = Math.min(MAX_SIZE_PER_HEIGHT * height, (Math.max(...xs) - left) / widthPerSize)
  return outline(text, pageWidth + left, Math.max(...ys) - height * 0.25, size)
}
