import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Logger } from '@neurovoyance/protocol'
import { encodeMessage } from '../channel/framing.js'
import { createMessageReader } from '../channel/message-reader.js'
import type { Command, Received, Reply } from '../channel/messages.js'
import { RuntimeError } from '../errors.js'
import { CHANNEL_FD, type ChildConfig, OUT_OF_MEMORY_NOTE, PASSED_ENVIRONMENT } from './child-config.js'

/** A running child. */
export interface Child {
  readonly pid: number
  /** Sends a command; `onReply` gets the answer unless the child dies first. */
  send(
    command: Command,
    body: { chunks: readonly Uint8Array[]; bytes: number } | undefined,
    onReply: OnReply,
  ): void
  /** Ends it at once, and resolves when it is gone; `onExit` is not called any more. */
  kill(): Promise<void>
}

/** Takes a child's answer. */
export type OnReply = (reply: Received<Reply>) => void

/** Options of {@link startChild}. */
export interface StartChildInit {
  readonly config: ChildConfig
  readonly logger: Logger
  /** The first answer: the child is ready, or says why it never will be. */
  readonly onReady: OnReply
  /** The child is gone without having been killed by us. */
  readonly onExit: (error: RuntimeError) => void
}

const STDERR_TAIL_CHARACTERS = 2000
/** A child makes little but tensors: a small young generation gives them back before they add up. */
const YOUNG_GENERATION = '--max-semi-space-size=2'
/** Address space that Node and ONNX Runtime reserve without using: thread stacks, the garbage collector's spaces. */
const RESERVED_BYTES = 1024 * 1024 * 1024

/** Starts a child process with the pipe, a scrubbed environment, and on Linux a hard limit on its data. */
export function startChild({ config, logger, onReady, onExit }: StartChildInit): Child {
  const [command, ...args] = commandLine(config)
  const child = spawn(command!, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: passedEnvironment(),
    windowsHide: true,
  })
  const channel = child.stdio[CHANNEL_FD] as Socket
  const replies: OnReply[] = [onReady]
  const gone = new Promise<void>(resolve => child.once('close', () => resolve()))
  let stderrTail = ''
  let over = false

  function fail(error: RuntimeError): void {
    if (over) return
    over = true
    stop(child, channel)
    onExit(error)
  }

  const readChunk = createMessageReader<Reply>(message => {
    const onReply = replies.shift()
    if (onReply === undefined)
      throw new RuntimeError('RUNTIME_BAD_MESSAGE', 'A child answered what nobody asked')
    onReply(message)
  })
  channel.on('data', (chunk: Uint8Array) => {
    if (over) return
    try {
      readChunk(chunk)
    } catch (error) {
      fail(error as RuntimeError)
    }
  })
  channel.on('error', error =>
    logger.debug({ pid: child.pid, error: error.message }, 'pipe to a child broke'),
  )
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderrTail = (stderrTail + text).slice(-STDERR_TAIL_CHARACTERS)
    logger.debug({ pid: child.pid, stderr: text.slice(0, STDERR_TAIL_CHARACTERS) }, 'a child says')
  })
  child.on('error', error => {
    const message = `A child process cannot be started: ${error.message}`
    fail(new RuntimeError('RUNTIME_BACKEND_UNAVAILABLE', message, { cause: error }))
  })
  child.on('close', (exitCode, signal) => fail(exitError({ exitCode, signal, stderrTail, config })))

  return {
    pid: child.pid ?? 0,
    send(message, body, onReply) {
      replies.push(onReply)
      const chunks = encodeMessage(message, body)
      if (chunks.length === 1) {
        channel.write(chunks[0]!)
        return
      }
      channel.cork()
      for (const chunk of chunks) channel.write(chunk)
      channel.uncork()
    },
    kill() {
      if (!over) stop(child, channel)
      over = true
      return gone
    },
  }
}

function stop(child: ChildProcess, channel: Socket): void {
  child.kill('SIGKILL')
  channel.destroy()
  child.stderr?.destroy()
}

function commandLine(config: ChildConfig): string[] {
  const node = [process.execPath, YOUNG_GENERATION, childEntry(), JSON.stringify(config)]
  const providersReserve = config.providers.some(provider => provider !== 'cpu')
  if (process.platform !== 'linux' || providersReserve || !existsSync('/bin/sh')) return node
  // A model that asks for more than the machine has gets a failed allocation, not the machine.
  const limitKiB = Math.ceil((config.memoryLimitBytes + RESERVED_BYTES) / 1024)
  return ['/bin/sh', '-c', 'ulimit -d "$1" 2>/dev/null; shift; exec "$@"', 'sh', String(limitKiB), ...node]
}

/** `child.js` lies beside the built module; sources, in tests, use the one that was built. */
function childEntry(): string {
  const fromSource = import.meta.url.endsWith('.ts')
  return fileURLToPath(new URL(fromSource ? '../../dist/node/child.js' : './child.js', import.meta.url))
}

function passedEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {}
  for (const name of PASSED_ENVIRONMENT) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return environment
}

function exitError(init: {
  exitCode: number | null
  signal: NodeJS.Signals | null
  stderrTail: string
  config: ChildConfig
}): RuntimeError {
  const { exitCode, signal, stderrTail, config } = init
  if (stderrTail.includes(OUT_OF_MEMORY_NOTE)) return outOfMemory(config.memoryLimitBytes)
  const how = signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`
  return new RuntimeError('RUNTIME_CHILD_CRASHED', `The child process that ran the model ${how}`, {
    details: { exitCode, signal, stderr: stderrTail },
  })
}

/** The error for a model that takes more memory than a child may have. */
export function outOfMemory(limitBytes: number): RuntimeError {
  const message = `The model took more memory than the ${Math.round(limitBytes / 1024 / 1024)} MiB that a child process may have`
  return new RuntimeError('RUNTIME_OUT_OF_MEMORY', message, { details: { limitBytes } })
}
