import { NeurovoyanceError } from '@neurovoyance/protocol'
import type { Backend, LoadedModel } from '../backend.js'
import { type BodyLayout, framesOf } from '../channel/framing.js'
import type { Command, Reply } from '../channel/messages.js'
import { RuntimeError } from '../errors.js'
import { layOutTensors, tensorsFromFrames } from './frames.js'
import { zeroInputs } from './zero-inputs.js'

/** An answer with the frames that go with it. */
export interface Answer {
  readonly reply: Reply
  readonly body?: BodyLayout
}

/** Does what the parent asks, over the sessions that it has the child hold. Never throws. */
export function createCommandHandler(
  backend: Backend,
): (command: Command, body: Uint8Array) => Promise<Answer> {
  const models = new Map<string, LoadedModel>()

  async function unload(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await models.get(id)?.release()
      models.delete(id)
    }
  }

  function loaded(id: string): LoadedModel {
    const model = models.get(id)
    if (model === undefined) throw new RuntimeError('RUNTIME_BAD_MESSAGE', `Model ${id} is not loaded`)
    return model
  }

  async function execute(command: Command, body: Uint8Array): Promise<Answer> {
    switch (command.op) {
      case 'load': {
        await unload([...command.evict, command.id])
        const before = process.memoryUsage.rss()
        const { from } = command
        const model = await backend.load(
          'path' in from ? from : { bytes: framesOf(body, [from])[0]!.frame.slice() },
        )
        models.set(command.id, model)
        const bytes = Math.max(0, process.memoryUsage.rss() - before)
        return { reply: { op: 'loaded', bytes, provider: model.provider, signature: model.signature } }
      }
      case 'unload':
        await unload(command.ids)
        return { reply: { op: 'done' } }
      case 'warm': {
        const model = loaded(command.id)
        const inputs = zeroInputs(model.signature)
        if (inputs !== undefined) await model.run(inputs)
        return { reply: { op: 'done' } }
      }
      case 'run': {
        const model = loaded(command.id)
        const inputs = tensorsFromFrames(framesOf(body, command.inputs))
        const started = performance.now()
        const outputs = await model.run(inputs, command.outputs)
        const runUs = Math.round((performance.now() - started) * 1000)
        const layout = layOutTensors(outputs)
        return { reply: { op: 'ran', runUs, outputs: layout.places }, body: layout }
      }
    }
  }

  return (command, body) => execute(command, body).catch((error: unknown) => ({ reply: failed(error) }))
}

/** An error as an answer. */
export function failed(error: unknown): Reply {
  if (error instanceof NeurovoyanceError) {
    const { code, message, details } = error
    return { op: 'failed', code, message, details }
  }
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof RangeError ? 'RUNTIME_OUT_OF_MEMORY' : 'RUNTIME_CHILD_CRASHED'
  return { op: 'failed', code, message, details: {} }
}
