import type { Host } from '@neurovoyance/p2p'
import type { ClientSettings } from '../init.js'

/** Makes this platform's host. */
export type HostOpener = (
  settings: Pick<ClientSettings, 'bootstrap' | 'home' | 'swarmKey' | 'logger'>,
) => Promise<Host>
