/** Feeds every decoder of the workspace damaged and random frames: only coded errors, no memory beyond the input's. */
import { parseArgs } from 'node:util'
import { findDecoders } from './fuzz/registries.ts'
import { fuzz, type Outcome } from './fuzz/run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    frames: { type: 'string', default: '1000000' },
    each: { type: 'string', default: '0' },
    only: { type: 'string', default: '' },
  },
})
const seed = Number(values.seed)
const decoders = (await findDecoders(seed)).filter(decoder => decoder.name.startsWith(values.only))

if (decoders.length === 0) {
  console.error(`No decoder's name begins with '${values.only}'`)
  process.exit(2)
}

// Most frames are refused: without traces an error costs a tenth.
Error.stackTraceLimit = 0
console.log(
  `fuzzing ${decoders.length} decoders with ${values.frames} frames in all and ${values.each} each at least, seed ${seed}`,
)
const startMs = performance.now()
const outcomes = await fuzz(decoders, {
  seed,
  frames: Number(values.frames),
  each: Number(values.each),
  onOutcome: outcome => console.log(line(outcome)),
})
const total = outcomes.reduce((sum, { generated }) => sum + generated, 0)
const seconds = Number(((performance.now() - startMs) / 1000).toFixed(1))
console.log(
  JSON.stringify({ sim: 'fuzz', seed, frames: total, decoders: outcomes.length, seconds, failures: 0 }),
)

function line({ name, generated, frames, accepted, refused, largestBytes }: Outcome): string {
  const codes = Object.entries(refused).map(([code, count]) => `${code} ${count}`)
  return `${name.padEnd(34)} ${generated} generated of ${frames} frames, ${accepted} accepted, largest buffer ${largestBytes}; ${codes.join(', ')}`
}
