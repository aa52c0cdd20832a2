import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const RUNNER = fileURLToPath(new URL('./local-runner.ts', import.meta.url))

/** A tensor as the reference knows it: nothing of it has passed our code. */
export interface PlainTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: ArrayBufferView | readonly string[]
}

/** A model to run once. */
export interface LocalRequest {
  readonly model: string
  readonly inputs: Readonly<Record<string, PlainTensor>>
}

/** What ONNX Runtime gave, or said; a run that ended the whole process has `crash`. */
export type LocalResult =
  | { readonly outputs: Readonly<Record<string, PlainTensor>> }
  | { readonly error: string }
  | { readonly crash: string }

/** Runs models with onnxruntime-node in a process of its own, a new one after each that it takes down. */
export interface LocalRuns extends Disposable {
  run(request: LocalRequest): Promise<LocalResult>
}

/** The reference: one run at a time. */
export function localRuns(): LocalRuns {
  let child: ChildProcess | undefined
  return {
    run(request) {
      child ??= fork(RUNNER, {
        serialization: 'advanced',
        execArgv: [],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      })
      const { promise, resolve } = Promise.withResolvers<LocalResult>()
      const onExit = (code: number | null, signal: string | null) => {
        child = undefined
        resolve({ crash: signal ?? `exit code ${code}` })
      }
      child.once('exit', onExit)
      child.once('message', (result: LocalResult) => {
        child?.off('exit', onExit)
        resolve(result)
      })
      child.send(request)
      return promise
    },
    [Symbol.dispose]: () => void child?.kill('SIGKILL'),
  }
}
