import { Command } from 'commander'
import { contextOf } from '../context.js'
import type { JoinOptions, NewOptions } from '../genesis/options.js'
import { amountOption, collect, integerOption } from '../options.js'

/** `nv genesis new|join|merge|sign|check|show` */
export function genesisCommand(signal: AbortSignal): Command {
  const genesis = new Command('genesis').description(
    'How a chain begins: a document that everybody who begins it has signed.',
  )
  const run =
    <Args extends unknown[]>(action: (actions: Actions, context: Context, ...args: Args) => Promise<void>) =>
    async (...args: [...Args, Command]) => {
      const command = args.pop() as Command
      // what knows the ledger is loaded by the commands that need it
      const actions = await import('../genesis/actions.js')
      await action(actions, contextOf(command, signal), ...(args as unknown as Args))
    }
  const add = (words: string, description: string, examples: string) =>
    genesis.command(words).description(description).addHelpText('after', `\nExamples:\n${examples}`)

  add(
    'new <file>',
    'Write a draft: the name, the coins, the parameters. Validators join it.',
    '  nv genesis new genesis.json --chain-id lab-1 --account nv1q…=200000\n  nv genesis new genesis.json --chain-id lab-1 --account nv1q…=200000 --parameter staking/unbondingMs=86400000',
  )
    .requiredOption('--chain-id <name>', 'small letters, digits, dots and dashes')
    .option('--account <address=amount>', 'liquid coins of an account, in NVY; may be repeated', collect)
    .option('--treasury <amount>', 'coins of the treasury, in NVY', amountOption)
    .option(
      '--sponsor <address=amount>',
      'who may onboard newcomers, and with how much; may be repeated',
      collect,
    )
    .option('--parameter <name=value>', 'a parameter that differs from the default; may be repeated', collect)
    .option('--time <time>', 'the ledger’s time before the first block; now when left out')
    .action(
      run<[string, NewOptions]>((actions, context, file, options) => actions.create(context, file, options)),
    )
  add(
    'join <file>',
    'Enter the validator of this home into a draft. Its key is made where there is none, and signs the entry.',
    '  nv genesis join genesis.json --owner nv1q… --stake 100000\n  nv genesis join genesis.json --owner nv1q… --stake 100000 --commission 5',
  )
    .requiredOption('--owner <address>', 'the account that owns it; its coins are in the draft')
    .requiredOption('--stake <amount>', 'coins of the owner to bond, in NVY', amountOption)
    .option(
      '--commission <percent>',
      'what the owner keeps of the stakers’ rewards',
      integerOption(0, 100),
      0,
    )
    .action(
      run<[string, JoinOptions]>((actions, context, file, options) => actions.join(context, file, options)),
    )
  add(
    'merge <file> <others...>',
    'Take validators and signatures over from other copies of a draft.',
    '  nv genesis merge genesis.json from-ann.json from-ben.json',
  ).action(run<[string, string[]]>((actions, context, file, others) => actions.merge(context, file, others)))
  add(
    'sign <file>',
    'Sign the whole with the validator’s key of this home, when all are in.',
    '  nv genesis sign genesis.json',
  ).action(run<[string]>((actions, context, file) => actions.sign(context, file)))
  add(
    'check <file>',
    'Check that the rules allow it and that the signatures hold; 1 where somebody has not signed.',
    '  nv genesis check genesis.json\n  nv genesis check genesis.json --json | jq .missing',
  ).action(run<[string]>((actions, context, file) => actions.check(context, file)))
  add(
    'show <file>',
    'What a genesis says: its hash, validators, coins, parameters.',
    '  nv genesis show genesis.json\n  nv genesis show genesis.json --json | jq -r .hash',
  ).action(run<[string]>((actions, context, file) => actions.show(context, file)))
  return genesis
}

type Actions = typeof import('../genesis/actions.js')
type Context = ReturnType<typeof contextOf>
