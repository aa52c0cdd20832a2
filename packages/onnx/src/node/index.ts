/**
 * ONNX models and bundles in files.
 *
 * @packageDocumentation
 */
export { type Bundle, openBundle } from './bundle.js'
export type { BundleFile } from './bundle-folder.js'
export { type BundleReport, checkBundle, type ModelReport } from './check-bundle.js'
export { type DescribeBundleInit, describeBundle, writeManifest } from './describe-bundle.js'
export { type FileSource, fileSource } from './file-source.js'
export { sha256 } from './sha256.js'
