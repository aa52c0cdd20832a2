import { createExecutor } from '@neurovoyance/runtime/node'
import type { Config } from '../../config/schema.js'
import { executorInit } from '../../services/executor.js'
import type { RuntimeStatus } from '../../status.js'
import { describeSpeed } from '../format.js'
import { type Finding, fine } from './finding.js'

type Measured = Pick<RuntimeStatus, 'backend' | 'skipped' | 'gflops' | 'memoryBandwidthMbps'>

/** What models run on, how fast, and why on nothing better: as the running node has it, else tried here. */
export async function* checkRuntime(
  config: Config['runtime'],
  running: Measured | null | undefined,
): AsyncIterable<Finding> {
  try {
    const found = running ?? (await tryRuntime(config))
    yield fine('runtime', `${found.backend}, ${describeSpeed(found)}`)
    for (const { provider, reason } of found.skipped) {
      const advice = `Make it work, or leave it out: nv config set runtime.providers '["${found.backend}"]'.`
      yield { check: 'runtime', verdict: 'warn', found: `${provider} is passed over: ${reason}`, advice }
    }
  } catch (error) {
    const advice = 'Reinstall with npm: onnxruntime-node brings its binaries itself.'
    yield { check: 'runtime', verdict: 'fail', found: (error as Error).message, advice }
  }
}

async function tryRuntime(config: Config['runtime']): Promise<Measured> {
  const executor = await createExecutor(executorInit(config))
  try {
    const { gflops, memoryBandwidthMbps } = await executor.capability()
    const { backend, skipped } = executor.status()
    return { backend, skipped, gflops, memoryBandwidthMbps }
  } finally {
    await executor.close()
  }
}
