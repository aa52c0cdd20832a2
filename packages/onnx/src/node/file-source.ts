import { type FileHandle, open } from 'node:fs/promises'
import { OnnxError } from '../errors.js'
import { assertRange, type ByteSource } from '../source.js'

/** A source over an open file; close it when done. */
export interface FileSource extends ByteSource, AsyncDisposable {
  close(): Promise<void>
}

/**
 * Opens a file as a source.
 *
 * @throws OnnxError `ONNX_READ_FAILED` where it is no regular file or cannot be opened.
 */
export async function fileSource(path: string): Promise<FileSource> {
  const handle = await open(path, 'r').catch(cause => {
    throw new OnnxError('ONNX_READ_FAILED', `cannot open ${path}: ${(cause as Error).message}`, {
      details: { path },
      cause,
    })
  })
  const stat = await handle.stat()
  if (!stat.isFile()) {
    await handle.close()
    throw new OnnxError('ONNX_READ_FAILED', `${path} is not a file`, { details: { path } })
  }
  const close = () => handle.close()
  return {
    size: stat.size,
    read: (offset, length) => readExactly(handle, path, stat.size, offset, length),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function readExactly(
  handle: FileHandle,
  path: string,
  size: number,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  assertRange(size, offset, length)
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) {
      throw new OnnxError('ONNX_READ_FAILED', `${path} became shorter while it was read`, {
        details: { path },
      })
    }
    done += bytesRead
  }
  return bytes
}
