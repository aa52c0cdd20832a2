import { ArtifactService, LIMITS } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { ArtifactLimits } from './limits.js'
import type { Providers } from './providers.js'
import type { ArtifactHost } from './types.js'
import { verifyBlock } from './unixfs/block.js'
import type { DagNode } from './unixfs/build.js'
import { type Layout, LayoutWalk } from './unixfs/layout.js'

const NODES_TIMEOUT_MS = 20_000

/**
 * Learns what an artifact is made of, from its CID down; every node is verified before it is read.
 *
 * @param saved - nodes that an earlier download fetched
 */
export async function fetchLayout(
  host: ArtifactHost,
  providers: Providers,
  cid: string,
  limits: ArtifactLimits,
  saved: readonly DagNode[],
  signal: AbortSignal,
): Promise<Layout> {
  const walk = new LayoutWalk(cid, limits)
  const known = new Map(
    saved.filter(node => verifyBlock(node.cid, node.block)).map(node => [node.cid, node.block]),
  )
  for (;;) {
    const step = walk.next()
    if ('layout' in step) return step.layout
    let wanted = step.wanted
    while (wanted.length > 0) {
      const batch = wanted.slice(0, LIMITS.artifactNodes)
      const missing = batch.filter(node => !known.has(node))
      for (const [node, block] of missing.length === 0
        ? []
        : await fetchSome(host, providers, missing, signal)) {
        known.set(node, block)
      }
      for (const node of batch) {
        const block = known.get(node)
        if (block !== undefined) walk.add(node, block)
      }
      wanted = wanted.filter(node => !known.has(node))
    }
  }
}

/** Some of the nodes, at least one, from the first provider that has any. */
function fetchSome(
  host: ArtifactHost,
  providers: Providers,
  cids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  return providers.use(async peerId => {
    const options = { signal, timeoutMs: NODES_TIMEOUT_MS }
    const { body, attachments } = await host.rpc.call(
      peerId,
      ArtifactService,
      'Nodes',
      { body: { cids } },
      options,
    )
    const asked = new Set(cids)
    const nodes = new Map<string, Uint8Array>()
    for (const [index, cid] of body.cids.entries()) {
      const block = attachments[index]
      if (block === undefined || !asked.has(cid) || !verifyBlock(cid, block)) {
        throw new P2pError(
          'P2P_ARTIFACT_CORRUPT',
          `The peer ${peerId} sent a node that is not what its CID says.`,
          {
            details: { peerId, cid },
          },
        )
      }
      nodes.set(cid, block)
    }
    if (nodes.size > 0) return nodes
    throw new P2pError('P2P_ARTIFACT_NOT_FOUND', `The peer ${peerId} does not hold the artifact.`, {
      details: { peerId },
    })
  })
}
