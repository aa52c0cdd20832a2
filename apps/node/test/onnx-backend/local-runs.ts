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

/** What ONNX Runtime gave, what it said instead, or how it took its process down. */
export type LocalResult =
  | { readonly outputs: Readonly<Record<string, PlainTensor>> }
  | { readonly error: string }

/** Runs models with onnxruntime-node in a process of its own, a new one after each that it takes down. */
export interface LocalRuns extends Disposable {
  /** Runs a model once, when those asked for before are done. */
  run(request: LocalRequest): Promise<LocalResult>
}

/** The reference that the hive is held against. */
export function localRuns(): LocalRuns {
  let child: ChildProcess | undefined
  let last: Promise<unknown> = Promise.resolve()

  function runNow(request: LocalRequest): Promise<LocalResult> {
    child ??= fork(RUNNER, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const runner = child
    const { promise, resolve } = Promise.withResolvers<LocalResult>()
    const onExit = (code: number | null, signal: string | null) => {
      child = undefined
      resolve({ error: `the process ended with ${signal ?? code}` })
    }
    runner.once('exit', onExit)
    runner.once('message', (result: LocalResult) => {
      runner.off('exit', onExit)
      resolve(result)
    })
    runner.send(request)
    return promise
  }

  return {
    run(request) {
      const result = last.then(() => runNow(request))
      last = result
      return result
    },
    [Symbol.dispose]: () => void child?.kill('SIGKILL'),
  }
}
