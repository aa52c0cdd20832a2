import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Namespace } from '@neurovoyance/testing/nat'
import { onTestFinished } from 'vitest'

const SCRIPT = fileURLToPath(new URL('gateway.ts', import.meta.url))

/** Lets the router of a machine behind a NAT speak UPnP; `asked` is the first mapping that it is asked for. */
export async function startGateway(
  machine: Namespace,
  publicAddress: string,
): Promise<{ asked: Promise<object> }> {
  const lan = machine.address.replace(/\d+$/, '1')
  const router = ['netns', 'exec', `${machine.name}-nat`]
  const child = spawn('ip', [...router, process.execPath, SCRIPT, lan, publicAddress], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  await once(lines, 'line')
  const asked = once(lines, 'line').then(([line]) => JSON.parse(line) as object)
  return { asked }
}
