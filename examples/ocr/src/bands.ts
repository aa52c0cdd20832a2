import sharp from 'sharp'

/** A part of a page over its whole width. */
export interface Band {
  /** Distance of the band's upper edge from the page's, in pixels. */
  top: number
  png: Uint8Array
}

/**
 * Cuts a page at blank rows into up to `count` bands of similar height, so that they can be read side by side.
 * A page without blank rows stays whole. Sides are filled up with white to multiples of 32: ocr-common
 * would stretch the band otherwise.
 */
export async function cutIntoBands(png: Uint8Array, count: number): Promise<Band[]> {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true })
  const gaps = gapsBetweenLines(data, info.width, info.height)
  const edges = [0, ...cuts(gaps, info.height, count), info.height]
  return Promise.all(
    edges.slice(1).map(async (bottom, index) => {
      const top = edges[index]!
      const height = bottom - top
      const band = sharp(png).extract({ left: 0, top, width: info.width, height })
      const filled = band.extend({ right: -info.width & 31, bottom: -height & 31, background: 'white' })
      return { top, png: await filled.png().toBuffer() }
    }),
  )
}

/** The middle of every run of rows in which all pixels are about equally bright. */
function gapsBetweenLines(grey: Uint8Array, width: number, height: number): number[] {
  const middles: number[] = []
  let start = 0
  for (let row = 0; row <= height; row++) {
    if (row < height && isBlank(grey.subarray(row * width, (row + 1) * width))) continue
    if (row > start) middles.push((start + row) >> 1)
    start = row + 1
  }
  return middles
}

function isBlank(row: Uint8Array): boolean {
  let darkest = 255
  let brightest = 0
  for (const value of row) {
    if (value < darkest) darkest = value
    if (value > brightest) brightest = value
  }
  return brightest - darkest < 48
}

/** For each of the ideal cuts into `count` equal parts, the nearest gap. */
function cuts(gaps: readonly number[], height: number, count: number): number[] {
  const nearest = Array.from({ length: count - 1 }, (_, index) => {
    const ideal = ((index + 1) * height) / count
    return gaps.reduce((best, gap) => (Math.abs(gap - ideal) < Math.abs(best - ideal) ? gap : best), 0)
  })
  return [...new Set(nearest)].filter(cut => cut > 0).sort((a, b) => a - b)
}
