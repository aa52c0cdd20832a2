import { Command } from 'commander'
import type { ServeOptions } from '../comet/options.js'
import { contextOf } from '../context.js'
import { integerOption } from '../options.js'

/** `nv comet genesis|key|serve` */
export function cometCommand(signal: AbortSignal): Command {
  const comet = new Command('comet').description(
    'A chain whose blocks CometBFT decides, in place of the nodes.',
  )
  const actions = () => import('../comet/actions.js')

  comet
    .command('genesis <file> <written>')
    .description('Write the genesis.json that CometBFT begins with, from a genesis of a chain.')
    .addHelpText('after', '\nExamples:\n  nv comet genesis genesis.json ~/.cometbft/config/genesis.json')
    .action(async (file: string, written: string, _options: object, command: Command) =>
      (await actions()).genesis(contextOf(command, signal), file, written),
    )
  comet
    .command('key <written>')
    .description('Write the validator’s key of this home as CometBFT’s priv_validator_key.json.')
    .addHelpText('after', '\nExamples:\n  nv comet key ~/.cometbft/config/priv_validator_key.json')
    .action(async (written: string, _options: object, command: Command) =>
      (await actions()).key(contextOf(command, signal), written),
    )
  comet
    .command('serve')
    .description('Keep the chain for a CometBFT on this machine: the application behind its proxy_app.')
    .requiredOption('--genesis <file>', 'the genesis of the chain')
    .option('--listen <address>', 'tcp://<host>:<port> or unix://<path>', 'tcp://127.0.0.1:26658')
    .option(
      '--snapshots <blocks>',
      'a snapshot after every so many blocks, for others to begin with',
      integerOption(1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--keep <blocks>',
      'blocks that CometBFT keeps; all when left out',
      integerOption(1, Number.MAX_SAFE_INTEGER),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  nv comet serve --genesis genesis.json\n  nv comet serve --genesis genesis.json --listen unix:///run/nv.sock --snapshots 1000',
    )
    .action(async (options: ServeOptions, command: Command) =>
      (await actions()).serve(contextOf(command, signal), options),
    )
  return comet
}
