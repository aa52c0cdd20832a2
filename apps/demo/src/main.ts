import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { drawHive } from './draw-hive.js'
import { lookAtHive } from './hive-sight.js'
import { interruption } from './interruption.js'
import { type FinishedJob, runJob } from './job.js'
import { HELP, Misuse, type Options, readOptions } from './options.js'
import { inOurWords } from './our-words.js'
import { showProgress } from './progress.js'
import { moneyOf, type Outcome, tableOf } from './report.js'

// This process runs models itself, to compare; ONNX Runtime would tell its makers of it.
process.env.ORT_DISABLE_TELEMETRY = '1'

/** What a shell gives for a program that Ctrl-C ended. */
const INTERRUPTED = 130

/** The command line is not what is wanted. */
const MISUSED = 2

/** The main job: `npm start`. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (options === undefined) {
    process.stdout.write(HELP)
    return 0
  }
  const signal = interruption()
  try {
    await using job = await runJob({ options, progress: showProgress(process.stderr), signal })
    await show(job, options)
    if (options.draw !== undefined)
      await writeFile(options.draw, drawHive(await lookAtHive(job.hive.folder), job.outcome.jobs))
    if (!options.once) await stayUp(job, signal)
    return job.outcome.ok ? 0 : 1
  } catch (error) {
    if (!signal.aborted) throw error
    if (options.json) await writeFailure(signal.reason)
    return INTERRUPTED
  }
}

async function show({ hive, outcome }: FinishedJob, { json, once }: Options): Promise<void> {
  const { text, pictures, ok } = outcome
  const lines = text.split('\n')
  const report = [
    '',
    ...lines.slice(0, 6).map(line => `  ${line}`),
    lines.length > 6 ? `  … ${lines.length - 6} more lines` : '',
    '',
    tableOf(hive.nodes, outcome),
    '',
    ...moneyOf(hive.nodes, outcome),
    ...(once && outcome.chain
      ? ['The chain ends with the hive: without --once it stays, to look these up in.', '']
      : []),
    `${ok ? 'The same text as without the network.' : 'The text differs from what this machine reads by itself.'} Pictures: ${pictures.join(', ')}`,
  ]
  await write(json ? process.stderr : process.stdout, `${report.join('\n')}\n`)
  if (json) await write(process.stdout, `${JSON.stringify(outcome)}\n`)
}

/** What `--json` prints in place of the outcome. */
function writeFailure({ message, code }: Error & { code?: unknown }): Promise<void> {
  return write(process.stdout, `${JSON.stringify({ ok: false, error: { code, message } })}\n`)
}

/** Pipes may take a text later; whoever exits first loses it. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise(resolve => stream.write(text, () => resolve()))
}

async function stayUp({ hive, outcome }: FinishedJob, signal: AbortSignal): Promise<void> {
  const node = hive.nodes.find(({ role }) => role === 'peer')!
  process.stderr.write(`
The hive stays up. Try in another terminal:
  npm run -s nv -- status --home ${node.home}
${outcome.chain === undefined ? '' : chainTries(node.home, outcome)}  npm run -s nv -- models show pp-ocr/detection --home ${node.home}
  curl -H "Authorization: Bearer $(node -p "require('${node.home}/gateway.json').token")" ${node.gateway.url}/v2/models/${outcome.model}%2Fdetection
Ctrl-C ends it.
`)
  if (signal.aborted) return
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** How to look up what the report names; the chain is gone with the hive. */
function chainTries(home: string, { payments = [], chain }: Outcome): string {
  const transaction = payments.find(({ settledTx }) => settledTx !== null)?.settledTx
  return [
    `  npm run -s nv -- chain status --home ${home}`,
    `  npm run -s nv -- wallet balance ${chain!.client.address} --prove --genesis ${join(dirname(home), 'genesis.json')} --home ${home}`,
    ...(transaction ? [`  npm run -s nv -- chain tx ${transaction} --home ${home}`] : []),
    '',
  ].join('\n')
}

try {
  process.exit(await main())
} catch (error) {
  const known = inOurWords(error as Error)
  const help = known instanceof Misuse ? " (try 'npm start -- --help')" : ''
  await write(process.stderr, `npm start: ${known.message}${help}\n`)
  if (process.argv.includes('--json')) await writeFailure(known)
  process.exit(known instanceof Misuse ? MISUSED : 1)
}
