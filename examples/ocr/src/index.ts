/**
 * Reading pages of text with the published `@gutenye/ocr-common` over any kind of session.
 *
 * @module
 */
export { annotate } from './annotate.js'
export { type PagePng, type RenderPagesInit, renderPages } from './pages.js'
export {
  createReader,
  ocrModels,
  type Reader,
  type ReaderInit,
  type ReaderModels,
  type ReadLine,
  type SessionClass,
} from './reader.js'
