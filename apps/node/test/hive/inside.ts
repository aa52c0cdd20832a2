import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { NodeProcess } from '@neurovoyance/testing/hive'

const execute = promisify(execFile)

const REQUEST = `
const [url, token, body] = process.argv.slice(1)
const init = { headers: { authorization: 'Bearer ' + token }, ...(body && { method: 'POST', body }) }
process.stdout.write(await (await fetch(url, init)).text())
`

/** A request to a node's gateway from its own machine, where its loopback is. */
export async function requestInside(
  namespace: string,
  { gateway }: NodeProcess,
  path: string,
  body?: object,
): Promise<string> {
  const program = ['netns', 'exec', namespace, process.execPath, '--input-type=module', '-e', REQUEST]
  const args = [gateway.url + path, gateway.token, ...(body === undefined ? [] : [JSON.stringify(body)])]
  const { stdout } = await execute('ip', [...program, ...args], { maxBuffer: 16 * 1024 * 1024 })
  return stdout
}
