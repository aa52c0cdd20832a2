import { rotateIdentity } from '@neurovoyance/p2p/node'
import { Command } from 'commander'
import { lockHome } from '../../config/lock.js'
import { contextOf } from '../context.js'
import { nodePeerId } from '../peer-id.js'

/** `nv id [rotate]` */
export function idCommand(signal: AbortSignal): Command {
  const id = new Command('id').description('This node’s peer id; its key is made on first use.')
  id.command('show', { isDefault: true })
    .description('Print the peer id; what `nv id` alone does.')
    .addHelpText('after', '\nExamples:\n  nv id\n  nv id --json | jq -r .peerId')
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const peerId = await nodePeerId(home.path)
      output.answer({ peerId, home: home.path }, () => peerId)
    })
  id.command('rotate')
    .description('Give this node a new key; the old one stays beside it. The node must not run.')
    .addHelpText('after', '\nExamples:\n  nv id rotate')
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const unlock = await lockHome(home.lock)
      try {
        const { previous } = await rotateIdentity(home.path)
        const peerId = await nodePeerId(home.path)
        output.answer(
          { peerId, previous: previous ?? null },
          () => `${peerId}${previous === undefined ? '' : `\nthe old key is in ${previous}`}`,
        )
      } finally {
        await unlock()
      }
    })
  return id
}
