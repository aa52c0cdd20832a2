import { P2pError } from '../errors.js'

const PREFIX = '/neurovoyance/'
const SEMVER = /^(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})$/

/** Most minor versions back for which an id is offered. */
const MAX_MINORS = 16

/**
 * The libp2p protocol ids of a service, best first: its own version, then `major.minor.0` and every
 * minor before it.
 *
 * Both ends offer their list, so two peers of one major version meet at the lower of their minors
 * without knowing each other's version: 1.4.2 and 1.2.0 speak `/neurovoyance/<name>/1.2.0`.
 *
 * @throws P2pError `P2P_INVALID_INIT` for a version that is not `major.minor.patch`.
 */
export function protocolIds(service: { readonly name: string; readonly version: string }): string[] {
  const parsed = SEMVER.exec(service.version)
  if (parsed === null || service.name === '' || service.name.includes('/')) {
    throw new P2pError(
      'P2P_INVALID_INIT',
      `The service "${service.name}" at version "${service.version}" has no protocol id: use a name without "/" and a version like 1.0.0.`,
      { details: { service: service.name, version: service.version } },
    )
  }
  const [, major, minor] = parsed
  const ids = [`${PREFIX}${service.name}/${service.version}`]
  const oldest = Math.max(0, Number(minor) - MAX_MINORS)
  for (let back = Number(minor); back >= oldest; back--) {
    const id = `${PREFIX}${service.name}/${major}.${back}.0`
    if (id !== ids[0]) ids.push(id)
  }
  return ids
}
