import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { createNatRig, type Namespace, natRigUnavailable } from '../src/nat/index.ts'

const unavailable = natRigUnavailable()

const SERVE = `
const server = require('node:net').createServer(socket => socket.end(socket.remoteAddress))
server.listen(7000, () => console.log('listening'))`
const ask = (address: string): string => `
const socket = require('node:net').connect({ host: '${address}', port: 7000, timeout: 1000 })
socket.on('data', data => { console.log(String(data)); process.exit(0) })
socket.on('error', error => { console.log(error.code); process.exit(1) })
socket.on('timeout', () => { console.log('no answer'); process.exit(1) })`

async function firstLine(machine: Namespace, script: string): Promise<string> {
  const child = machine.spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [data] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  return String(data).trim()
}

it('lets out what a NAT lets out, under the address of the NAT, and nothing in', async ctx => {
  if (unavailable !== undefined) return ctx.skip(unavailable)
  const rig = await createNatRig()
  onTestFinished(() => rig.close())
  for (const machine of [rig.outside, rig.left, rig.right]) {
    expect(await firstLine(machine, SERVE)).toBe('listening')
  }
  expect(await firstLine(rig.left, ask(rig.outside.address))).toMatch(/11\.0\.1\.1$/)
  expect(await firstLine(rig.right, ask(rig.outside.address))).toMatch(/11\.0\.2\.1$/)
  expect(await firstLine(rig.outside, ask('11.0.1.1'))).toMatch(/no answer|ECONNREFUSED/)
  expect(await firstLine(rig.left, ask(rig.right.address))).toMatch(/no answer|ENETUNREACH|EHOSTUNREACH/)
})

it('clears away, with what ran on it, a rig whose process was killed', async ctx => {
  if (unavailable !== undefined) return ctx.skip(unavailable)
  const script = fileURLToPath(new URL('fixtures/abandoned-rig.ts', import.meta.url))
  const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(owner.stdout, 'data')
  const exited = once(owner, 'exit')
  owner.kill('SIGKILL')
  await exited
  const namespaces = () => execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })
  expect(namespaces()).toContain(`nv-${owner.pid}-`)

  const rig = await createNatRig()
  rig.close()
  expect(namespaces()).not.toContain(`nv-${owner.pid}-`)
})
