import { type ModelSignature, validateInputs } from '@neurovoyance/onnx'
import type { NamedFrame, TensorMap } from '@neurovoyance/protocol'
import type { SkippedProvider } from '../backend.js'
import { framesOf } from '../channel/framing.js'
import { observeLatency } from '../core/latency.js'
import { dropSession, touchSession } from '../core/session-cache.js'
import { RuntimeError } from '../errors.js'
import { checkOutputs } from '../ort/check-outputs.js'
import { type Capability, measureCapability } from './capability.js'
import { type ExecutorInit, type ExecutorOptions, executorOptions } from './executor-init.js'
import { type Inputs, inputsFromFrames, inputsFromTensors, tensorsFromFrames } from './frames.js'
import type { JobModel, ModelFile } from './job.js'
import { loadIntoSlot, warmUp } from './loading.js'
import { type ModelRecord, type ModelRecords, recordOf } from './model-records.js'
import { createSlotPool, type SlotPool } from './slot-pool.js'

/** A run that is asked for. */
export interface RunRequest<RunInputs> {
  readonly model: ModelFile
  /** Not to be changed until the run is over: it is not copied. */
  readonly inputs: RunInputs
  /** Names of the outputs wanted. Default: all. */
  readonly outputs?: readonly string[]
  /** Whom the run is for; clients get equal shares of the time. Default: `''`. */
  readonly client?: string
  /** Milliseconds from now until the answer is worth nothing; a day at most counts. Default: none. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

/** How a run went. */
export interface RunStats {
  /** From the call to the model's start: waiting, and loading where the model was not loaded. */
  readonly queueUs: number
  /** The model alone. */
  readonly runUs: number
  /** The provider it ran on. */
  readonly backend: string
  /** Whether the model had to be loaded first. */
  readonly cold: boolean
}

/** Options of {@link Executor.load}. */
export interface LoadOptions {
  /** Run the model once on zeros, too. Default: true. */
  readonly warmUp?: boolean
  readonly client?: string
  readonly signal?: AbortSignal
}

/** A model as an executor sees it. */
export interface ModelStatus {
  readonly id: string
  readonly loaded: boolean
  /** Median of its latest runs; 0 before the first. */
  readonly p50Us: number
  /** Memory of its latest load. */
  readonly bytes: number
  /** Jobs that wait or run. */
  readonly inFlight: number
}

/** An executor at one moment. */
export interface ExecutorStatus {
  /** Jobs that wait. */
  readonly queueDepth: number
  readonly slots: number
  /** Memory that one child may take, and so the most for one model. */
  readonly memoryLimitBytes: number
  /** The provider in use. */
  readonly backend: string
  /** Providers preferred to it that do not work here. */
  readonly skipped: readonly SkippedProvider[]
  readonly models: readonly ModelStatus[]
  /** What the emptiest child can still load without letting go of a model. */
  readonly roomBytes: number
  readonly children: readonly { readonly pid: number; readonly state: 'starting' | 'idle' | 'busy' }[]
}

/** Runs models in child processes; made by {@link createExecutor}. */
export interface Executor {
  /**
   * Runs a model, loading it first where it is not loaded.
   *
   * @throws RuntimeError, OnnxError ONNX_INPUT_…, ProtocolError for a malformed tensor
   */
  run(request: RunRequest<TensorMap>): Promise<{ outputs: TensorMap; stats: RunStats }>
  /** The same on tensor frames, as they come from the network and go back to it: nothing is decoded or copied. */
  runFrames(request: RunRequest<readonly NamedFrame[]>): Promise<{ outputs: NamedFrame[]; stats: RunStats }>
  /** Loads a model ahead of its first run. */
  load(model: ModelFile, options?: LoadOptions): Promise<ModelSignature>
  /** Lets go of a model; one that runs finishes first. */
  unload(id: string): Promise<void>
  status(): ExecutorStatus
  /** What this machine can do, measured once. */
  capability(): Promise<Capability>
  /** Ends every child and rejects what waits or runs. */
  close(): Promise<void>
}

/**
 * Starts child processes that run models.
 *
 * ONNX Runtime's binding blocks its thread for as long as a model runs and cannot stop a run, so models never
 * run in the process that calls this. A run that is late or cancelled, takes too much memory or crashes costs
 * its child, which is replaced; everyone else's work goes on.
 *
 * @throws RuntimeError RUNTIME_BAD_OPTION, RUNTIME_BACKEND_UNAVAILABLE
 */
export async function createExecutor(init: ExecutorInit = {}): Promise<Executor> {
  const options = executorOptions(init)
  const pool = createSlotPool(options)
  const records: ModelRecords = new Map()
  let capability: Promise<Capability> | undefined
  try {
    await pool.started
  } catch (error) {
    await pool.close()
    throw error
  }

  const runModel = (request: Omit<RunRequest<Inputs>, 'model'> & { model: JobModel }) =>
    submitRun(pool, options, records, request)

  async function unload(id: string): Promise<void> {
    const holders = pool.slots.filter(slot => dropSession(slot.cache, id))
    await Promise.allSettled(holders.map(slot => slot.request({ op: 'unload', ids: [id] })))
  }

  async function forget(id: string): Promise<void> {
    await unload(id)
    records.delete(id)
  }

  return {
    async run(request) {
      const { outputs, stats } = await runModel({ ...request, inputs: inputsFromTensors(request.inputs) })
      return { outputs: tensorsFromFrames(outputs), stats }
    },
    async runFrames(request) {
      return runModel({ ...request, inputs: inputsFromFrames(request.inputs) })
    },
    load: (model, loadOptions = {}) =>
      submitLoad(pool, options, recordOf(records, model.id), model, loadOptions),
    unload,
    status: () => executorStatus(pool, records, options),
    capability() {
      capability ??= measureCapability(runModel, forget, options.memoryLimitBytes).catch(error => {
        capability = undefined
        throw error
      })
      return capability
    },
    close: () => pool.close(),
  }
}

function submitRun(
  pool: SlotPool,
  options: ExecutorOptions,
  records: ModelRecords,
  request: Omit<RunRequest<Inputs>, 'model'> & { model: JobModel },
): Promise<{ outputs: NamedFrame[]; stats: RunStats }> {
  const { model, inputs, outputs, client = '', deadlineMs, signal } = request
  const { clock } = options
  const record = recordOf(records, model.id)
  if (record.signature !== undefined) checkRequest(record.signature, inputs, outputs)
  const enqueuedMs = clock.monotonicMs()
  return pool.submit({
    record,
    client,
    bytes: inputs.layout.bytes,
    deadlineMs,
    signal,
    async work(slot, job, send) {
      const cold = !touchSession(slot.cache, model.id)
      if (cold) {
        await loadIntoSlot(slot, model, record, options)
        checkRequest(record.signature!, inputs, outputs)
      }
      if (!send()) return { outputs: [], stats: { queueUs: 0, runUs: 0, backend: '', cold } }
      const command = { op: 'run' as const, id: model.id, inputs: inputs.layout.places }
      const { header, body } = await slot.request(
        outputs === undefined ? command : { ...command, outputs },
        inputs.layout,
      )
      if (header.op !== 'ran') throw new RuntimeError('RUNTIME_BAD_MESSAGE', 'A child answered out of turn')
      observeLatency(record.latency, header.runUs)
      const queueUs = Math.round(((job.startedMs ?? enqueuedMs) - enqueuedMs) * 1000)
      const stats = { queueUs, runUs: header.runUs, backend: record.provider, cold }
      return { outputs: framesOf(body, header.outputs), stats }
    },
  })
}

function submitLoad(
  pool: SlotPool,
  options: ExecutorOptions,
  record: ModelRecord,
  model: ModelFile,
  { warmUp: warm = true, client = '', signal }: LoadOptions,
): Promise<ModelSignature> {
  return pool.submit({
    record,
    client,
    bytes: 0,
    deadlineMs: undefined,
    signal,
    async work(slot) {
      if (!touchSession(slot.cache, model.id)) {
        await loadIntoSlot(slot, model, record, options)
        if (warm) await warmUp(slot, model, options)
      }
      return record.signature!
    },
  })
}

function checkRequest(
  signature: ModelSignature,
  inputs: Inputs,
  outputs: readonly string[] | undefined,
): void {
  validateInputs(signature, inputs.shapes)
  checkOutputs(signature, outputs)
}

function executorStatus(
  { slots, depth, isBusy }: SlotPool,
  records: ModelRecords,
  { memoryLimitBytes }: ExecutorOptions,
): ExecutorStatus {
  const reported = slots.find(slot => slot.ready)
  return {
    queueDepth: depth(),
    slots: slots.length,
    memoryLimitBytes,
    backend: reported?.provider ?? '',
    skipped: reported?.skipped ?? [],
    models: [...records.values()].map(({ id, latency, bytes, inFlight }) => ({
      id,
      loaded: slots.some(slot => slot.cache.bytesById.has(id)),
      p50Us: latency.p50Us,
      bytes,
      inFlight,
    })),
    roomBytes: Math.max(0, ...slots.map(({ cache }) => cache.limitBytes - cache.usedBytes)),
    children: slots.map(slot => ({
      pid: slot.pid,
      state: slot.ready ? (isBusy(slot) ? 'busy' : 'idle') : 'starting',
    })),
  }
}
