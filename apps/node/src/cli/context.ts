import type { Command } from 'commander'
import { type Home, resolveHome } from '../config/home.js'
import { createOutput, type Output } from './output.js'

/** What every command works with. */
export interface CliContext {
  readonly home: Home
  readonly output: Output
  /** Aborts on the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

/** The context of one call, from the global options. */
export function contextOf(command: Command, signal: AbortSignal): CliContext {
  const home = nearest<string>(command, 'home')
  return { home: resolveHome(home), output: createOutput(nearest<boolean>(command, 'json') === true), signal }
}

/** An option's value as given closest to the command: `nv --home A status --home B` is about B. */
function nearest<T>(command: Command, name: string): T | undefined {
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const value: T | undefined = at.getOptionValue(name)
    if (value !== undefined) return value
  }
  return undefined
}
