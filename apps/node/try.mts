import { writeFileSync } from 'node:fs'
import { createClient } from '@neurovoyance/client'
import { createBootstrapHost, createPeerHost } from '@neurovoyance/p2p/node'
import { InferenceService, MarketService, TOPICS } from '@neurovoyance/protocol'
import { createExecutor } from '@neurovoyance/runtime/node'
import { createAnnouncer } from '@neurovoyance/scheduler'
import { tenMillisecondMlp } from '@neurovoyance/testing/models'

const L = { host: '127.0.0.1', ws: false as const }
const nat = { relay: false, webrtc: false, autonat: false }
let t = performance.now()
const lap = (s: string) => {
  console.log(s, (performance.now() - t).toFixed(0), 'ms')
  t = performance.now()
}
const boot = await createBootstrapHost({ listen: L, nat })
lap('boot')
const host = await createPeerHost({ listen: L, nat, bootstrap: boot.addresses() })
lap('peer')
const m = tenMillisecondMlp()
writeFileSync('/tmp/try/m.onnx', m.bytes)
const ex = await createExecutor({})
lap('executor')
const model = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
host.rpc.serve(InferenceService, {
  async Infer({ body, attachments }, c) {
    const { outputs, stats } = await ex.runFrames({
      model: { id: model, path: '/tmp/try/m.onnx' },
      inputs: body.inputNames.map((name, i) => ({ name, frame: attachments[i]! })),
      client: c.peerId,
      deadlineMs: c.remainingMs(),
      signal: c.signal,
    })
    return { body: { outputNames: outputs.map(o => o.name), stats }, attachments: outputs.map(o => o.frame) }
  },
})
const client = await createClient({ bootstrap: boot.addresses() })
lap('client')
const an = createAnnouncer({
  signer: host.signer,
  describe: () => ({
    region: '',
    queueDepth: 0,
    slots: 1,
    price: { scheme: 'free' },
    models: [{ model, name: 'm', loaded: false, bytes: 1, inFlight: 0 }],
  }),
  publish: async s => {
    await host.gossip.publish(TOPICS.offers, s)
  },
})
client.market.onHost(() => lap('offer heard'))
for (let i = 0; i < 30; i++) {
  const s = performance.now()
  const r = await client.infer({ model, inputs: m.inputs })
  if (i < 3 || i > 26) console.log((performance.now() - s).toFixed(2), r.stats, r.attempts.length)
}
await client.close()
await an.close()
await ex.close()
await host.close()
await boot.close()
lap('closed')
