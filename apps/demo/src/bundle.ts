import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ocrModels } from 'example-ocr'

/** Names of the two models in the bundle. */
export const DETECTION = 'detection'
export const RECOGNITION = 'recognition'

/** Lays the PP-OCR models out as a bundle: a folder with two ONNX files and the dictionary. */
export async function makeBundle(folder: string): Promise<string> {
  const bundle = join(folder, 'pp-ocr')
  await mkdir(join(bundle, 'onnx'), { recursive: true })
  await copyFile(ocrModels.detectionPath, join(bundle, 'onnx', `${DETECTION}.onnx`))
  await copyFile(ocrModels.recognitionPath, join(bundle, 'onnx', `${RECOGNITION}.onnx`))
  await copyFile(ocrModels.dictionaryPath, join(bundle, 'dictionary.txt'))
  return bundle
}
