import { Command } from 'commander'
import type {
  ExportOptions,
  ProofOptions,
  PruneOptions,
  RollbackOptions,
  WatchOptions,
} from '../chain/options.js'
import { contextOf } from '../context.js'
import { integerOption } from '../options.js'

/** `nv chain status|block|tx|account|validators|supply|params|watch|key|rollback|prune|export|import` */
export function chainCommand(signal: AbortSignal): Command {
  const chain = new Command('chain').description(
    'The chain that the running node keeps: blocks, accounts, coins.',
  )
  const run =
    <Args extends unknown[]>(action: (actions: Actions, context: Context, ...args: Args) => Promise<void>) =>
    async (...args: [...Args, Command]) => {
      const command = args.pop() as Command
      // what knows the ledger is loaded by the commands that need it
      const actions = await import('../chain/actions.js')
      await action(actions, contextOf(command, signal), ...(args as unknown as Args))
    }
  const add = (words: string, description: string, examples: string) =>
    chain.command(words).description(description).addHelpText('after', `\nExamples:\n${examples}`)

  add(
    'status',
    'How far the chain is here.',
    '  nv chain status\n  nv chain status --json | jq .height',
  ).action(run((actions, context) => actions.status(context)))
  add(
    'block [at]',
    'A block, by height or id; the newest when left out.',
    '  nv chain block\n  nv chain block 120 --json | jq ".transactions[].id"',
  ).action(run<[string | undefined]>((actions, context, at) => actions.block(context, at)))
  add(
    'tx <id>',
    'A transaction, and what became of it.',
    '  nv chain tx 3f…\n  nv chain tx 3f… --wait --prove',
  )
    .option('--wait', 'wait until it is in a block')
    .option('--prove', 'check it by proofs and the validators’ signatures, from the genesis on')
    .option('--genesis <file>', 'the genesis to go by; the one of the settings when left out')
    .action(
      run<[string, ProofOptions & { wait?: boolean }]>((actions, context, id, options) =>
        actions.transaction(context, id, options),
      ),
    )
  add(
    'account <address>',
    'What an account holds, by kind, and when it frees.',
    '  nv chain account nv1q…\n  nv chain account nv1q… --prove --json | jq .checked',
  )
    .option('--prove', 'check it by proofs and the validators’ signatures, from the genesis on')
    .option('--genesis <file>', 'the genesis to go by; the one of the settings when left out')
    .action(
      run<[string, ProofOptions]>((actions, context, address, options) =>
        actions.account(context, address, options),
      ),
    )
  add(
    'validators',
    'Who decides the next block.',
    '  nv chain validators\n  nv chain validators --json | jq -r ".[].key"',
  ).action(run((actions, context) => actions.validators(context)))
  add(
    'supply',
    'Coins there are, by kind.',
    '  nv chain supply\n  nv chain supply --json | jq -r .circulating',
  ).action(run((actions, context) => actions.supply(context)))
  add(
    'params [prefix]',
    'The numbers that the genesis set, with their bounds.',
    '  nv chain params\n  nv chain params staking/',
  ).action(run<[string | undefined]>((actions, context, prefix) => actions.parameters(context, prefix)))
  add(
    'watch',
    'Blocks, or events, as they come.',
    '  nv chain watch\n  nv chain watch --account nv1q… --json\n  nv chain watch --kind channels --after 120',
  )
    .option('--account <address>', 'only what concerns an account')
    .option('--kind <kind>', 'only events of a kind, such as accounts/transferred, or of a module')
    .option('--after <height>', 'begin after this block', integerOption(0, Number.MAX_SAFE_INTEGER))
    .action(run<[WatchOptions]>((actions, context, options) => actions.watch(context, options)))
  add('key', 'The validator’s key of this home.', '  nv chain key\n  nv chain key --new')
    .option('--new', 'make one where there is none')
    .action(run<[{ new?: boolean }]>((actions, context, options) => actions.key(context, options)))
  const offline =
    <Args extends unknown[]>(action: (actions: Offline, context: Context, ...args: Args) => Promise<void>) =>
    async (...args: [...Args, Command]) => {
      const command = args.pop() as Command
      const actions = await import('../chain/offline.js')
      await action(actions, contextOf(command, signal), ...(args as unknown as Args))
    }
  add(
    'rollback',
    'Take the last block’s effect back; the node must not run. It applies the block again as it starts.',
    '  nv chain rollback\n  nv chain rollback --with-block',
  )
    .option('--with-block', 'the block goes too, and others are asked for it')
    .action(offline<[RollbackOptions]>((actions, context, options) => actions.rollback(context, options)))
  add('prune', 'Forget old blocks; the node must not run.', '  nv chain prune --keep 100000')
    .requiredOption('--keep <count>', 'blocks to keep', integerOption(1, Number.MAX_SAFE_INTEGER))
    .action(offline<[PruneOptions]>((actions, context, options) => actions.prune(context, options)))
  add(
    'export <folder>',
    'Write the state as the genesis of a new chain; the node must not run.',
    '  nv chain export ./lab-2 --chain-id lab-2',
  )
    .requiredOption('--chain-id <name>', 'name of the chain that goes on from here')
    .option('--genesis <file>', 'the genesis to go by; the one of the settings when left out')
    .action(
      offline<[string, ExportOptions]>((actions, context, folder, options) =>
        actions.exported(context, folder, options),
      ),
    )
  add(
    'import <folder>',
    'Take in a chain that goes on from the state of another; this home keeps none.',
    '  nv chain import ./lab-2',
  ).action(offline<[string]>((actions, context, folder) => actions.imported(context, folder)))
  return chain
}

type Actions = typeof import('../chain/actions.js')
type Offline = typeof import('../chain/offline.js')
type Context = ReturnType<typeof contextOf>
