import { writeFile } from 'node:fs/promises'
import { drawHive } from './draw-hive.js'
import { lookAtHive } from './hive-sight.js'
import { type FinishedJob, runJob } from './job.js'
import { HELP, type Options, readOptions } from './options.js'
import { tableOf } from './report.js'

/** The main job: `npm start`. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (options === undefined) {
    process.stdout.write(HELP)
    return 0
  }
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => controller.abort(new Error('interrupted')))
  const say = (text: string) => void process.stderr.write(`· ${text}\n`)
  try {
    await using job = await runJob(options, say, controller.signal)
    show(job, options)
    if (options.draw !== undefined)
      await writeFile(options.draw, drawHive(await lookAtHive(job.hive.folder), job.outcome.jobs))
    if (!options.once) await stayUp(job, controller.signal)
    return job.outcome.ok ? 0 : 1
  } catch (error) {
    if (controller.signal.aborted) return 130
    throw error
  }
}

function show({ hive, outcome }: FinishedJob, { json }: Options): void {
  const { text, pictures, ok } = outcome
  const lines = text.split('\n')
  const report = [
    '',
    ...lines.slice(0, 6).map(line => `  ${line}`),
    lines.length > 6 ? `  … ${lines.length - 6} more lines` : '',
    '',
    tableOf(hive.nodes, outcome),
    '',
    `${ok ? 'The same text as without the network.' : 'The text differs from what this machine reads by itself, or a node took no part.'} Pictures: ${pictures.join(', ')}`,
  ]
  ;(json ? process.stderr : process.stdout).write(`${report.join('\n')}\n`)
  if (json) process.stdout.write(`${JSON.stringify(outcome)}\n`)
}

async function stayUp({ hive, outcome }: FinishedJob, signal: AbortSignal): Promise<void> {
  const node = hive.nodes.find(({ role }) => role === 'peer')!
  process.stderr.write(`
The hive stays up. Try in another terminal:
  npm run -s nv -- status --home ${node.home}
  npm run -s nv -- models show pp-ocr/detection --home ${node.home}
  curl -H "Authorization: Bearer $(jq -r .token ${node.home}/gateway.json)" ${node.gateway.url}/v2/models/${outcome.model}%2Fdetection
Ctrl-C ends it.
`)
  if (signal.aborted) return
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

try {
  process.exit(await main())
} catch (error) {
  process.stderr.write(`npm start: ${(error as Error).message}\n`)
  process.exit(1)
}
