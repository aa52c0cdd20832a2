import { loadIdentity } from '@neurovoyance/p2p/node'
import { peerIdFromPublicKey } from '@neurovoyance/protocol'
import { makeFolder } from '../config/make-folder.js'

/** The peer id of a home folder's key, which is made where there is none. */
export async function nodePeerId(home: string): Promise<string> {
  await makeFolder(home)
  const { publicKey } = await loadIdentity(home)
  return peerIdFromPublicKey(publicKey.raw)
}
