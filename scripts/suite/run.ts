import { endAll } from './exec.ts'
import type { Phase, Step } from './step.ts'
import { sum, type Tally } from './tally.ts'

/** What the phases came to, and whether a signal cut them short. */
export interface Outcome {
  tally: Tally
  interrupted: boolean
}

/** Runs phases one after another; a step that fails, or throws, hides no other. */
export async function runPhases(phases: readonly Phase[]): Promise<Outcome> {
  const tallies: Tally[] = []
  let interrupted = false
  const interrupt = (): void => {
    interrupted = true
    endAll('SIGTERM')
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)

  for (const { steps, width, stream } of phases) {
    const waiting = [...steps]
    const work = async (): Promise<void> => {
      for (let step = waiting.shift(); step !== undefined && !interrupted; step = waiting.shift()) {
        tallies.push(await runStep(step, stream))
      }
    }
    await Promise.all(Array.from({ length: width }, work))
  }
  return { tally: sum(tallies), interrupted }
}

/** Runs one step; shows what it says as it comes, or all of it where it failed. */
async function runStep(step: Step, stream: boolean): Promise<Tally> {
  const startMs = performance.now()
  console.log(`… ${step.name}`)
  let said = ''
  const tally = await step
    .run(text => {
      if (stream) process.stdout.write(text)
      else said += text
    })
    .catch((error: unknown) => thrown(step, error))
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  if (tally.failed.length > 0 && said.trim() !== '') console.log(said.trimEnd())
  const counts = `${tally.passed} passed${tally.failed.length > 0 ? `, ${tally.failed.length} failed` : ''}`
  console.log(`${tally.failed.length === 0 ? '✓' : '✗'} ${step.name} (${counts}, ${seconds} s)`)
  return tally
}

function thrown(step: Step, error: unknown): Tally {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { passed: 0, failed: [{ name: step.name, why }], skipped: [] }
}
