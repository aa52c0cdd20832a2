import { readFileSync } from 'node:fs'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { builtHash, cached, hashOf } from '../cache.ts'
import { exec } from '../exec.ts'
import type { Manifest } from '../packages.ts'
import { type Packed, packAll } from '../packed.ts'
import type { Step } from '../step.ts'
import { sum, type Tally, verdict } from '../tally.ts'

const publishedEngine = '>=22'

export const publish: Step = {
  name: 'publish',
  group: 'lint',
  what: 'publint, are-the-types-wrong and the Node that it asks for, of the tarball of every published package',
  run(log) {
    const key = hashOf([builtHash(), readFileSync(import.meta.filename)])
    return cached('publish', key, log, async () => {
      const tallies: Tally[] = []
      for (const packed of await packAll()) {
        const { name } = packed.package
        tallies.push(verdict(`publint ${name}`, await publintFailure(packed, log)))
        tallies.push(verdict(`engines of ${name}`, enginesFailure(packed.package.manifest)))
        tallies.push(verdict(`types of ${name}`, await typesFailure(packed, log)))
      }
      return sum(tallies)
    })
  },
}

async function publintFailure(
  { package: found, tarball, failure }: Packed,
  log: (text: string) => void,
): Promise<string | undefined> {
  if (failure !== undefined) return failure
  const bytes = readFileSync(tarball)
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  })
  const lines = messages.map(message => `${found.name}: ${formatMessage(message, pkg, { color: false })}`)
  for (const line of lines) log(`${line}\n`)
  return lines.length === 0 ? undefined : lines.join('; ')
}

/** On an older Node, npm would quietly pick older transports. */
function enginesFailure({ engines }: Manifest): string | undefined {
  return engines?.node === publishedEngine
    ? undefined
    : `engines.node is ${engines?.node}, not ${publishedEngine}`
}

async function typesFailure(
  { package: found, tarball, failure }: Packed,
  log: (text: string) => void,
): Promise<string | undefined> {
  if (failure !== undefined) return 'not packed'
  const { code, output } = await exec('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color'])
  if (code === 0) return undefined
  log(`${found.name}\n${output}`)
  return 'see are-the-types-wrong above'
}
