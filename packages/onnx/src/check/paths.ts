import { OnnxError } from '../errors.js'

const MAX_PATH_BYTES = 1024
const DRIVE = /^[a-z]:/i
/** Names that Windows takes for devices, whatever their extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * Checks that a path from a model or manifest stays where it is put: relative, forward slashes, no `..`, and
 * no tricks that another file system would read differently. Returns it without `.` segments.
 *
 * @throws OnnxError `ONNX_PATH_ESCAPES`
 */
export function confinedPath(path: string): string {
  const why = whyEscapes(path)
  if (why !== undefined) {
    throw new OnnxError(
      'ONNX_PATH_ESCAPES',
      `path '${printable(path)}' ${why}: a model may only name files beside it`,
      {
        details: { path: printable(path) },
      },
    )
  }
  return path
    .split('/')
    .filter(segment => segment !== '.')
    .join('/')
}

function whyEscapes(path: string): string | undefined {
  if (path === '') return 'is empty'
  if (path.length > MAX_PATH_BYTES) return `is longer than ${MAX_PATH_BYTES}`
  if (path.includes('_MEM_ADDR_')) return 'is an address in memory'
  if (hasControlCharacter(path)) return 'has control characters'
  if (path.includes('\\')) return 'has backslashes'
  if (path.startsWith('/') || path.startsWith('~') || DRIVE.test(path)) return 'is absolute'
  if (path.includes(':')) return 'has a colon'
  const segments = path.split('/')
  if (segments.includes('..')) return "leads out with '..'"
  if (segments.includes('')) return 'has an empty segment'
  if (segments.at(-1) === '.') return 'is a folder'
  if (segments.some(segment => DEVICE.test(segment))) return 'names a device'
  return undefined
}

function hasControlCharacter(path: string): boolean {
  return [...path].some(character => character < ' ' || character === '\u007f')
}

/** The path as a message can show it. */
function printable(path: string): string {
  return [...path.slice(0, 120)]
    .map(character => (hasControlCharacter(character) ? '\ufffd' : character))
    .join('')
}
