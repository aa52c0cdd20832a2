import { readFile } from 'node:fs/promises'
import { FileUtilsBase, ImageRawBase, type ImageRawData, type SizeOption } from '@gutenye/ocr-common'
import sharp, { type Sharp } from 'sharp'

const prefix = 'data:image/png;base64,'

/** A picture as the string by which ocr-common names pictures. */
export function pngUrl(png: Uint8Array): string {
  return prefix + Buffer.from(png).toString('base64')
}

/** ocr-common's hook for pictures, over sharp. */
export class ImageRaw extends ImageRawBase {
  static async open(url: string): Promise<ImageRaw> {
    return new ImageRaw(await pixels(sharp(Buffer.from(url.slice(prefix.length), 'base64'))))
  }

  // ocr-common hands over views into OpenCV's memory, which moves when it grows: hence the copy.
  constructor({ data, width, height }: ImageRawData) {
    super({ data: Uint8Array.from(data), width, height })
  }

  async resize({ width, height }: SizeOption): Promise<ImageRaw> {
    const { data } = this
    const source = sharp(data, { raw: { width: this.width, height: this.height, channels: 4 } })
    return new ImageRaw(await pixels(source.resize(width ?? null, height ?? null, { fit: 'contain' })))
  }
}

/** ocr-common's hook for files: it reads the dictionary of letters with it. */
export class FileUtils extends FileUtilsBase {
  static override read(path: string): Promise<string> {
    return readFile(path, 'utf8')
  }
}

async function pixels(image: Sharp): Promise<ImageRawData> {
  const { data, info } = await image.ensureAlpha(1).raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}
