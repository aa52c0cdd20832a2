import { Command } from 'commander'
import type { ProofOptions } from '../chain/options.js'
import { contextOf } from '../context.js'
import { amountOption, integerOption } from '../options.js'
import type {
  CreateOptions,
  ExitOptions,
  ImportOptions,
  SendOptions,
  StakeOptions,
} from '../wallet/options.js'

const WALLET = ['--wallet <name>', 'name of a wallet in this home, or its file', 'default'] as const
const PASSPHRASE = [
  '--passphrase-file <file>',
  'file with the passphrase (NEUROVOYANCE_WALLET_PASSPHRASE, else you are asked)',
] as const

/** `nv wallet create|import|address|balance|send|stake|unstake|exit|history|bind|validate` */
export function walletCommand(signal: AbortSignal): Command {
  const wallet = new Command('wallet').description(
    'Your coins: a wallet under a passphrase, its balance, and what it sends.',
  )
  const run =
    <Args extends unknown[]>(action: (actions: Actions, context: Context, ...args: Args) => Promise<void>) =>
    async (...args: [...Args, Command]) => {
      const command = args.pop() as Command
      // what knows the ledger is loaded by the commands that need it
      const actions = await import('../wallet/actions.js')
      await action(actions, contextOf(command, signal), ...(args as unknown as Args))
    }
  const add = (words: string, description: string, examples: string) =>
    wallet
      .command(words)
      .description(description)
      .option(...WALLET)
      .addHelpText('after', `\nExamples:\n${examples}`)
  const sends = (command: Command) =>
    command
      .option(...PASSPHRASE)
      .option('--max-fee <amount>', 'the most that the fee may be, in NVY', amountOption)
      .option('--memo <text>', 'a note that everybody can read, 128 bytes at most')
      .option('-y, --yes', 'do not ask')
      .option('--no-wait', 'do not wait until it is in a block')

  add(
    'create',
    'Make a wallet. Its phrase of 24 words is shown once: write it down.',
    '  nv wallet create\n  nv wallet create --wallet savings --passphrase-file ./passphrase',
  )
    .option(...PASSPHRASE)
    .action(run<[CreateOptions]>((actions, context, options) => actions.create(context, options)))
  add(
    'import',
    'Make a wallet from its phrase, which you are asked for.',
    '  nv wallet import\n  nv wallet import --phrase-file ./phrase --account 1 --wallet second',
  )
    .option(...PASSPHRASE)
    .option('--phrase-file <file>', 'file with the phrase, readable by you alone')
    .option('--account <number>', 'which account of the phrase', integerOption(0, 0x7fff_ffff), 0)
    .action(run<[ImportOptions]>((actions, context, options) => actions.importPhrase(context, options)))
  add(
    'address',
    'Print the wallet’s address.',
    '  nv wallet address\n  nv wallet address --json | jq -r .address',
  ).action(run<[{ wallet: string }]>((actions, context, options) => actions.address(context, options)))
  add(
    'balance [address]',
    'What an account holds, by kind, and when it frees.',
    '  nv wallet balance\n  nv wallet balance nv1q… --prove',
  )
    .option('--prove', 'check it by proofs and the validators’ signatures, from the genesis on')
    .option('--genesis <file>', 'the genesis to go by; the one of the settings when left out')
    .action(
      run<[string | undefined, ProofOptions & { wallet: string }]>((actions, context, account, options) =>
        actions.balance(context, account, options),
      ),
    )
  add(
    'history [address]',
    'An account’s transactions, newest first.',
    '  nv wallet history\n  nv wallet history --limit 5 --json | jq -r ".[].id"',
  )
    .option('-n, --limit <count>', 'how many', integerOption(1, 256), 20)
    .option('--before <place>', 'only those before a place, such as 120.3')
    .action(
      run<[string | undefined, { wallet: string; limit: number; before?: string }]>(
        (actions, context, account, options) => actions.history(context, account, options),
      ),
    )
  sends(
    add(
      'send <to> <amount>',
      'Give liquid coins to another account.',
      '  nv wallet send nv1q… 1.5\n  nv wallet send nv1q… 0.25 --memo thanks --yes',
    ),
  ).action(
    run<[string, string, SendOptions]>((actions, context, to, amount, options) =>
      actions.sendCoins(context, to, amount, options),
    ),
  )
  sends(
    add(
      'stake <amount>',
      'Bond coins to a validator.',
      '  nv wallet stake 100\n  nv wallet stake 5 --earned --validator 3f…',
    ),
  )
    .option('--validator <key>', 'the validator; the one that the running node is when left out')
    .option('--earned', 'earned coins rather than liquid ones')
    .action(
      run<[string, StakeOptions]>((actions, context, amount, options) =>
        actions.stake(context, amount, options),
      ),
    )
  sends(
    add(
      'unstake <amount>',
      'Take bonded coins back; they are there after the time of unbonding.',
      '  nv wallet unstake 100\n  nv wallet unstake 5 --earned --exit',
    ),
  )
    .option('--validator <key>', 'the validator; the only one that you are bonded to when left out')
    .option('--earned', 'coins that came in as earned ones')
    .option('--exit', 'earned ones go on into the exit queue then')
    .action(
      run<[string, StakeOptions & { exit?: boolean }]>((actions, context, amount, options) =>
        actions.unstake(context, amount, options),
      ),
    )
  sends(
    add(
      'exit [amount]',
      'Turn earned coins into liquid ones, through the exit queue.',
      '  nv wallet exit 10\n  nv wallet exit --claim\n  nv wallet exit --cancel 3',
    ),
  )
    .option('--claim', 'take what the queue has released')
    .option(
      '--cancel <request>',
      'take back what it has not released of a request',
      integerOption(0, Number.MAX_SAFE_INTEGER),
    )
    .action(
      run<[string | undefined, ExitOptions]>((actions, context, amount, options) =>
        actions.exit(context, amount, options),
      ),
    )
  sends(
    add('claim', 'Take the rewards of what you have bonded, and of work.', '  nv wallet claim --yes'),
  ).action(run<[SendOptions]>((actions, context, options) => actions.claim(context, options)))
  sends(
    add(
      'bind',
      'Bind the node of this home to the wallet: its network key is hot, the wallet’s is cold.',
      '  nv wallet bind\n  nv wallet bind --stake 50',
    ),
  )
    .option('--stake <amount>', 'bond liquid coins to it as well, a worker’s stake', amountOption)
    .option('--node-home <dir>', 'home of the node; this one when left out')
    .action(
      run<[SendOptions & { stake?: bigint; nodeHome?: string }]>((actions, context, options) =>
        actions.bind(context, options),
      ),
    )
  sends(
    add(
      'validate <amount>',
      'Make the node of this home a validator, with coins of the wallet behind it.',
      '  nv wallet validate 100000\n  nv wallet validate 100000 --commission 5 --node-home /srv/node',
    ),
  )
    .option('--commission <percent>', 'what you keep of your stakers’ rewards', integerOption(0, 100), 0)
    .option('--node-home <dir>', 'home of the node; this one when left out')
    .action(
      run<[string, SendOptions & { commission: number; nodeHome?: string }]>(
        (actions, context, amount, options) => actions.validate(context, amount, options),
      ),
    )
  sends(add('unjail', 'Let the validator of this home stand for election again.', '  nv wallet unjail --yes'))
    .option('--node-home <dir>', 'home of the node; this one when left out')
    .action(
      run<[SendOptions & { nodeHome?: string }]>((actions, context, options) =>
        actions.unjailOwn(context, options),
      ),
    )
  return wallet
}

type Actions = typeof import('../wallet/actions.js')
type Context = ReturnType<typeof contextOf>
