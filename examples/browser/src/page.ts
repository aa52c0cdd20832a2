import { createClient, createTensor } from '@neurovoyance/client'

const form = document.querySelector('form')!
const answer = document.querySelector('output')!

const vector = (text: FormDataEntryValue | null) => {
  const values = Float32Array.from(String(text).split(/[\s,]+/), Number)
  return createTensor('float32', values, [values.length])
}

form.addEventListener('submit', async event => {
  event.preventDefault()
  const fields = new FormData(form)
  answer.value = 'Joining the network…'
  try {
    await using client = await createClient({
      bootstrap: String(fields.get('bootstrap')).trim().split(/\s+/),
    })
    const { outputs, node, latencyMs } = await client.infer({
      model: String(fields.get('model')),
      inputs: { a: vector(fields.get('a')), b: vector(fields.get('b')) },
      onProgress: ({ phase }) => {
        answer.value = phase === 'find' ? 'Looking for a node…' : 'Running…'
      },
    })
    answer.value = `${outputs.sum?.data} from ${node} in ${latencyMs.toFixed(1)} ms`
  } catch (error) {
    answer.value = String(error)
  }
})
