import type { InferenceSession } from 'onnxruntime-common'
import type { ModelReference } from '../models/reference.js'
import type { PayingContext } from '../paying-port.js'
import { createSession, type SessionInit, type SessionRun } from './session.js'

/** Options of `sessionClass`. */
export interface SessionClassInit extends Omit<SessionInit, 'onRun'> {
  /** The model of the network to use in place of the file that a library asks for. Default: the path itself. */
  resolve?: (path: string) => ModelReference | Promise<ModelReference>
  /** Called after each run, with the path that the session was created for. */
  onRun?: (run: SessionRun & { readonly path: string }) => void
}

/** The part of onnxruntime's `InferenceSession` class that libraries use: they create sessions by path. */
export interface SessionClass {
  /** Opens a session. The options of ONNX Runtime are the nodes' business and are not used. */
  create(path: string, options?: InferenceSession.SessionOptions): Promise<InferenceSession>
}

/**
 * An `InferenceSession` class for libraries that take one and open models by path.
 *
 * ```ts
 * registerBackend({ InferenceSession: sessionClass(client, { resolve: path => models[basename(path)] }), … })
 * ```
 */
export function sessionClass(client: PayingContext, init: SessionClassInit = {}): SessionClass {
  const { resolve = path => path, onRun, ...rest } = init
  return {
    async create(path) {
      const model = await resolve(path)
      return createSession(client, model, {
        ...rest,
        ...(onRun && { onRun: run => onRun({ ...run, path }) }),
      })
    },
  }
}
