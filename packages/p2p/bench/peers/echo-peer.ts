/** The answering process of the bench `rpc`: echoes over RPC and on raw streams until its parent is gone. */
import { EchoService, RAW_ECHO } from './echo-service.ts'
import { loopbackHost, tcpAddress } from './loopback-host.ts'

const host = await loopbackHost()
host.rpc.serve(EchoService, {
  Echo: ({ body, attachments }, { remainingMs, signal }) => {
    if (remainingMs() <= 0 || signal.aborted) throw new Error('the deadline did not arrive')
    return { body, attachments }
  },
})
await host.libp2p.handle(RAW_ECHO, stream => {
  stream.addEventListener('message', event => void stream.send(event.data))
})
process.on('disconnect', () => process.exit(0))
process.send?.(tcpAddress(host))
