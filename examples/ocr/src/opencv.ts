import type { SplitIntoLineImages } from '@gutenye/ocr-common'

const lastResorts = ['uncaughtException', 'unhandledRejection'] as const

/**
 * ocr-common's hook that cuts a picture into its lines of text. It brings OpenCV, whose runtime makes itself the
 * process's last resort for errors and ends it with a page of its own source; those listeners are taken off again.
 */
export async function loadLineSplitter(): Promise<SplitIntoLineImages> {
  const before = new Set(listeners())
  const { splitIntoLineImages } = await import('@gutenye/ocr-common/splitIntoLineImages')
  for (const event of lastResorts) {
    for (const listener of process.rawListeners(event)) {
      if (!before.has(listener)) process.off(event, listener as (error: unknown) => void)
    }
  }
  return splitIntoLineImages
}

function listeners(): ReturnType<typeof process.rawListeners> {
  return lastResorts.flatMap(event => process.rawListeners(event))
}
