/**
 * A child process of the executor: it reads a command, does it, answers, and reads again. It ends when its
 * parent closes the pipe, and kills itself when it takes too much memory or its parent is gone (watchdog.ts).
 */
import { openBlockingChannel } from '../channel/blocking-channel.js'
import type { Command } from '../channel/messages.js'
import { CHANNEL_FD, type ChildConfig } from './child-config.js'
import { createCommandHandler, failed } from './commands.js'
import { createNodeBackend } from './node-backend.js'
import { startWatchdog } from './start-watchdog.js'

// A signal may reach the whole process group; it is the parent that decides when its children go, and it would
// replace one that went by itself, even while it is leaving.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

const config = JSON.parse(process.argv[2]!) as ChildConfig
const channel = openBlockingChannel<Command>(CHANNEL_FD)
const watchdog = startWatchdog(config)

try {
  watchdog.busy()
  const backend = await createNodeBackend(config)
  channel.write({ op: 'ready', provider: backend.provider, skipped: backend.skipped })
  watchdog.idle()
  const handle = createCommandHandler(backend)
  for (let message = channel.read(); message !== undefined; message = channel.read()) {
    watchdog.busy()
    const { reply, body } = await handle(message.header, message.body)
    channel.write(reply, body)
    watchdog.idle()
  }
} catch (error) {
  channel.write(failed(error))
}
process.kill(process.pid, 'SIGKILL')
