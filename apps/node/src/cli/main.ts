import { Command, CommanderError } from 'commander'
import { NodeError } from '../errors.js'
import { VERSION } from '../package.js'
import { completionCommand } from './commands/completion.js'
import { configCommand } from './commands/config.js'
import { doctorCommand } from './commands/doctor.js'
import { hiveCommand } from './commands/hive.js'
import { idCommand } from './commands/id.js'
import { inferCommand } from './commands/infer.js'
import { modelsCommand } from './commands/models.js'
import { bootstrapCommand, startCommand } from './commands/start.js'
import { peersCommand, statusCommand } from './commands/status.js'
import { EXIT, exitCodeOf } from './exit-codes.js'
import { printError } from './output.js'

const HOME_HELP = 'home folder of the node (NEUROVOYANCE_HOME, else ~/.neurovoyance)'
const JSON_HELP = 'answer in JSON, one value on one line'

const EXAMPLES = `
Examples:
  nv hive up                                     a local hive: one bootstrap, three nodes
  nv models add ./my-model                       host a model (folder, .onnx file, CID or owner/name)
  nv infer my-model --input x=input.npy          run it on the network
  nv start --bootstrap /ip4/203.0.113.7/tcp/4100/p2p/12D3Koo…
                                                 join a network with this machine

Exit codes: 0 done · 1 failed · 2 wrong usage or input · 3 no node or network · 4 not found ·
            5 too late · 6 model refused · 130 interrupted`

/** The command line's commands; `signal` aborts what they do. */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command('nv')
    .description('Neurovoyance: run AI models on a network of everyone’s machines.')
    .version(VERSION, '-V, --version')
    .option('--home <dir>', HOME_HELP)
    .option('--json', JSON_HELP)
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError("(try 'nv --help')")
    .exitOverride()
  for (const build of COMMANDS) program.addCommand(inherit(build(signal)))
  program.addCommand(inherit(completionCommand(program)))
  return program
}

const COMMANDS = [
  startCommand,
  bootstrapCommand,
  hiveCommand,
  modelsCommand,
  inferCommand,
  peersCommand,
  statusCommand,
  doctorCommand,
  idCommand,
  configCommand,
]

/** Runs the command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  process.stdout.on('error', ignoreClosedPipe)
  process.exitCode = await run(argv, controller.signal)
  // What a library still holds open (a socket's timer, a worker) must not keep a finished command alive.
  if (process.stdout.writableLength === 0) process.exit()
  process.stdout.once('drain', () => process.exit())
}

async function run(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const json = argv.includes('--json')
  const program = createProgram(signal)
  if (json) silence(program)
  try {
    await program.parseAsync([...argv])
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok
      // Commander has told a person already.
      if (json) printError(usageError(error), json)
      return EXIT.usage
    }
    if (signal.aborted) return EXIT.interrupted
    printError(error, json)
    return exitCodeOf(error)
  }
}

/** What Commander says of wrong usage, in our words. */
function usageError({ code, message }: CommanderError): NodeError {
  const said = code === 'commander.help' ? 'A command is missing.' : message.replace(/^error: /, '')
  return new NodeError('NODE_USAGE', `${said} (try 'nv --help')`, { details: { reason: code } })
}

/** Keeps Commander's own words for wrong usage from standard error. */
function silence(command: Command): void {
  command.configureOutput({ writeErr: () => {} })
  command.commands.forEach(silence)
}

/** Commands take the global options after their name too: `nv status --json`. */
function inherit(command: Command): Command {
  command.exitOverride()
  if (command.commands.length === 0) command.option('--home <dir>', HOME_HELP).option('--json', JSON_HELP)
  command.commands.forEach(inherit)
  return command
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
}
