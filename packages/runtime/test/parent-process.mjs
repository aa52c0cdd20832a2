// A process that has an executor, says its child's id, and goes on until it is killed.
import { createExecutor } from '@neurovoyance/runtime/node'
import { iterations, slow } from '@neurovoyance/testing/models'

const [path, state] = process.argv.slice(2)
const executor = await createExecutor({ threads: 1 })
const model = { id: 'loop', path }
await executor.load(model)
if (state === 'busy') executor.run({ model, inputs: { ...slow().inputs, iterations: iterations(1e12) } })
setImmediate(() => console.log(executor.status().children[0].pid))
