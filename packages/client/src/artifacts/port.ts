import type { Host } from '@neurovoyance/p2p'
import type { Artifacts } from '@neurovoyance/p2p/artifacts'

/** Opens this platform's store of artifacts; `home` left out, it lives in a temporary folder until it closes. */
export type ArtifactsOpener = (init: { host: Host; home: string | undefined }) => Promise<Artifacts>
