import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { folder } from '../hive/fixture.js'
import { spawnNv } from './nv.js'

/** A node that hangs: what it reads at its start never ends. */
async function hangingNode(...args: string[]) {
  const home = await folder('hanging')
  const genesis = join(home, 'genesis.json')
  execFileSync('mkfifo', [genesis])
  const node = spawnNv(['start', '--loopback', '--home', home, '--genesis', genesis, ...args])
  const said = text(node.stderr)
  const ended = once(node, 'close') as Promise<[code: number | null, signal: string | null]>
  // opens as soon as the node opens it, too
  const file = await open(genesis, 'w')
  return { node, said, ended, close: () => file.close() }
}

/** Named pipes are what makes a node hang here. */
const hangs = it.skipIf(process.platform === 'win32')

hangs.concurrent(
  'a node that does not leave in time ends all the same, and says what did not',
  {
    timeout: 60_000,
  },
  async () => {
    const [told, orphan] = await Promise.all([hangingNode(), hangingNode('--supervised')])
    told.node.kill('SIGTERM')
    orphan.node.stdin.end()
    for (const { ended, said, close } of [told, orphan]) {
      expect(await ended).toEqual([null, 'SIGKILL'])
      expect(await said).toContain('"unended":["start"]')
      await close()
    }
  },
)

hangs.concurrent('a second signal ends a node at once', { timeout: 60_000 }, async () => {
  const { node, said, ended, close } = await hangingNode()
  node.kill('SIGTERM')
  node.kill('SIGINT')
  expect((await ended)[1]).toMatch(/^SIG(TERM|INT)$/)
  expect(await said).not.toContain('unended')
  await close()
})
