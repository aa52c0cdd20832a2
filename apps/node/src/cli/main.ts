import { Command, CommanderError } from 'commander'
import { NodeError } from '../errors.js'
import { VERSION } from '../package.js'
import { chainCommand } from './commands/chain.js'
import { cometCommand } from './commands/comet.js'
import { completionCommand } from './commands/completion.js'
import { configCommand } from './commands/config.js'
import { doctorCommand } from './commands/doctor.js'
import { genesisCommand } from './commands/genesis.js'
import { hiveCommand } from './commands/hive.js'
import { idCommand } from './commands/id.js'
import { inferCommand } from './commands/infer.js'
import { modelsCommand } from './commands/models.js'
import { bootstrapCommand, startCommand } from './commands/start.js'
import { peersCommand, statusCommand } from './commands/status.js'
import { walletCommand } from './commands/wallet.js'
import { EXIT, exitCodeOf } from './exit-codes.js'
import { printError } from './output.js'

const HOME_HELP = 'home folder of the node (NEUROVOYANCE_HOME, else ~/.neurovoyance)'
const JSON_HELP = 'answer in JSON, one value on one line'

const EXAMPLES = `
Examples:
  nv hive up                                     a local hive: one bootstrap, three nodes
  nv models add ./my-model                       host a model (folder, .onnx file, CID or owner/name)
  nv infer my-model --input x=input.npy          run it on the network
  nv wallet balance                              your coins, by kind
  nv start --bootstrap /ip4/203.0.113.7/tcp/4100/p2p/12D3Koo…
                                                 join a network with this machine

Exit codes: 0 done · 1 failed · 2 wrong usage, file, setting or input · 3 no node, network or chain ·
            4 not found · 5 too late · 6 model refused · 130 interrupted`

/** The command line's commands; `signal` aborts what they do. */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command('nv')
    .description('Neurovoyance: run AI models on a network of everyone’s machines.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--home <dir>', HOME_HELP)
    .option('--json', JSON_HELP)
    .helpOption('-h, --help', 'show this help, or that of a command')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXAMPLES)
  explainMisuse(program, 'nv')
  for (const [heading, builds] of Object.entries(COMMANDS))
    for (const build of builds) program.addCommand(inherit(build(signal), 'nv').helpGroup(heading))
  program.addCommand(inherit(completionCommand(program, signal), 'nv').helpGroup('This machine:'))
  return program
}

const COMMANDS = {
  'Try it on one machine:': [hiveCommand],
  'A node:': [startCommand, bootstrapCommand, statusCommand, peersCommand],
  'Models:': [modelsCommand, inferCommand],
  'Coins and chains:': [walletCommand, chainCommand, genesisCommand, cometCommand],
  'This machine:': [doctorCommand, idCommand, configCommand],
}

/** Runs the command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const controller = new AbortController()
  const interrupt = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) endAtOnce(signal)
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  process.stdout.on('error', ignoreClosedPipe)
  process.exitCode = await run(argv, controller.signal)
  // What a library still holds open (a socket's timer, a worker) must not keep a finished command alive.
  if (process.stdout.writableLength === 0) process.exit()
  process.stdout.once('drain', () => process.exit())
}

/** As if nobody listened: an orderly exit waits for threads, and one of them may be what hangs. */
function endAtOnce(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

async function run(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const json = argv.includes('--json')
  const program = createProgram(signal)
  if (json) silence(program)
  try {
    await program.parseAsync([...argv])
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok
  } catch (error) {
    if (error instanceof CommandEnd) {
      if (error.exitCode === 0) return EXIT.ok
      // Commander has told a person already.
      if (json) printError(misuseError(error), json)
      return EXIT.usage
    }
    if (signal.aborted) return EXIT.interrupted
    printError(error, json)
    return exitCodeOf(error)
  }
}

/** The end of a command that Commander ends, with what to try then. */
class CommandEnd extends CommanderError {
  readonly advice: string

  constructor({ exitCode, code, message }: CommanderError, advice: string) {
    super(exitCode, code, message)
    this.advice = advice
  }
}

/** Names the help of the command that was used wrongly: `nv hive up`. */
function explainMisuse(command: Command, path: string): void {
  const advice = `(try '${path} --help')`
  command.showHelpAfterError(advice).exitOverride(error => {
    throw new CommandEnd(error, advice)
  })
}

/** What Commander says of wrong usage, in our words. */
function misuseError({ code, message, advice }: CommandEnd): NodeError {
  const said = code === 'commander.help' ? 'A command is missing.' : message.replace(/^error: /, '')
  return new NodeError('NODE_USAGE', `${said} ${advice}`, { details: { reason: code } })
}

/** Keeps Commander's own words for wrong usage from standard error. */
function silence(command: Command): void {
  command.configureOutput({ writeErr: () => {} })
  command.commands.forEach(silence)
}

/** Commands take the global options after their name too: `nv status --json`. */
function inherit(command: Command, parent: string): Command {
  const path = `${parent} ${command.name()}`
  explainMisuse(command, path)
  if (command.commands.length === 0) command.option('--home <dir>', HOME_HELP).option('--json', JSON_HELP)
  for (const child of command.commands) inherit(child, path)
  return command
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
}
