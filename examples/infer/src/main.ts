// Adds two vectors on machines that this program does not know:  main.ts <bootstrap address>
import { createClient, createTensor } from '@neurovoyance/client'

const vector = (...values: number[]) => createTensor('float32', new Float32Array(values), [values.length])
const inputs = { a: vector(1, 2, 3), b: vector(10, 20, 30) }

await using client = await createClient({ bootstrap: process.argv.slice(2) })
const { outputs, node, latencyMs } = await client.infer({ model: 'add', inputs })
console.log(outputs.sum?.data, `from ${node} in ${latencyMs.toFixed(1)} ms`)
