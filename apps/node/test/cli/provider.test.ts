import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startNode } from '@neurovoyance/testing/hive'
import { expect, it } from 'vitest'
import { folder, NV } from '../hive/fixture.js'
import { nv } from './nv.js'

/** A provider that this platform has not. */
const ABSENT = process.platform === 'win32' ? 'coreml' : 'dml'

it('a running node tells why it does without a provider that it was told to prefer', async () => {
  const home = await folder('provider')
  await writeFile(join(home, 'config.jsonc'), JSON.stringify({ runtime: { providers: [ABSENT, 'cpu'] } }))
  const node = await startNode({ nv: NV, command: 'start', home })
  try {
    const status = await nv(['status', '--json', '--home', home])
    expect(status.json()).toMatchObject({
      runtime: { backend: 'cpu', skipped: [{ provider: ABSENT, reason: expect.stringMatching(/./) }] },
      clockAheadMs: null,
    })
    expect((await nv(['status', '--home', home])).out).toContain(`${ABSENT} is passed over: `)
    const { findings } = (await nv(['doctor', '--json', '--home', home])).json<{
      findings: { check: string; found: string }[]
    }>()
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'runtime', found: expect.stringContaining(ABSENT) }),
    )
  } finally {
    await node.stop()
  }
})
