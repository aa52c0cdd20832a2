import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

/** What may stand behind an option. */
export const kindsOfValue = {
  /** An option that is there or not. */
  none: { says: 'no value', accepts: () => true },
  text: { says: 'a text', accepts: () => true },
  number: { says: 'a number from 0', accepts: isNumber },
  whole: { says: 'a whole number from 0', accepts: isWhole },
  count: { says: 'a whole number from 1', accepts: (text: string) => isWhole(text) && Number(text) > 0 },
  seeds: { says: 'a seed such as 7, or a range such as 1..1000', accepts: isRange },
} as const satisfies Record<string, { says: string; accepts: (text: string) => boolean }>

/** An option of a program. */
export interface StatedOption {
  value: keyof typeof kindsOfValue
  /** What it is where it is left out, as far as the program's text tells. */
  fallback?: string
}

/** A program's options by name. */
export type StatedOptions = Readonly<Record<string, StatedOption>>

/** What is wrong with a command line, in one line. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/**
 * Reads options as `parseArgs` does.
 *
 * @throws UsageError on what is not among them
 */
export function readOptions<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    // The sentences after the first tell how to pass what begins with a dash.
    const [mistake = ''] = (error as Error).message.split(/\.\s|\.$/)
    const known = Object.keys(options).map(name => `--${name}`)
    const allowed = known.length === 0 ? 'there are no options here' : `the options are ${known.join(', ')}`
    throw new UsageError(`${mistake.replace(/\s*\n\s*/g, ' ')}: ${allowed}`)
  }
}

/**
 * Holds a program's command line against the options that it states.
 *
 * @throws UsageError on unknown options and on values that are not what an option takes
 */
export function checkOptions(args: readonly string[], stated: StatedOptions): void {
  const types = Object.entries(stated).map(([name, { value }]) => {
    const type: 'boolean' | 'string' = value === 'none' ? 'boolean' : 'string'
    return [name, { type }] as const
  })
  const given: Record<string, unknown> = readOptions(joinNegatives(args), Object.fromEntries(types))
  for (const [name, text] of Object.entries(given)) {
    const { says, accepts } = kindsOfValue[stated[name]!.value]
    if (typeof text === 'string' && !accepts(text))
      throw new UsageError(`Option '--${name}' takes ${says}, not '${text}'`)
  }
}

/** A program's options, a line each, for its help. */
export function optionLines(stated: StatedOptions): string[] {
  const names = Object.keys(stated).map(name => `--${name}`)
  const width = Math.max(0, ...names.map(name => name.length))
  return Object.values(stated).map(({ value, fallback }, index) => {
    const about = value === 'none' ? '' : kindsOfValue[value].says
    return `  ${names[index]!.padEnd(width)}  ${about}${fallback ? `; else ${fallback}` : ''}`.trimEnd()
  })
}

/** `--seed -1` is a wrong number, where `parseArgs` would take `-1` for another option. */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const before = joined.at(-1)
    if (/^-\d/.test(arg) && before?.startsWith('--') && !before.includes('='))
      joined[joined.length - 1] = `${before}=${arg}`
    else joined.push(arg)
  }
  return joined
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text)) && Number(text) >= 0
}

function isWhole(text: string): boolean {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text))
}

function isRange(text: string): boolean {
  const [first = '', last = first, ...more] = text.split('..')
  return more.length === 0 && isWhole(first) && isWhole(last) && Number(first) <= Number(last)
}
