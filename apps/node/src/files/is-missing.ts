import { errorCode } from '@neurovoyance/protocol'

/** Whether an error says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return errorCode(error) === 'ENOENT'
}
