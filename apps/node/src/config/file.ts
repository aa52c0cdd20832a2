import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import { z } from 'zod'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/is-missing.js'
import { makeFolder } from './make-folder.js'
import { type Config, configSchema } from './schema.js'

const FORMAT = { insertSpaces: true, tabSize: 2, eol: '\n' }
const MAX_CONFIG_BYTES = 256 * 1024

/**
 * Checks settings and fills in what is left out.
 *
 * @throws NodeError `NODE_CONFIG_INVALID` naming each setting that is wrong.
 */
export function parseConfig(value: unknown, source = 'the configuration'): Config {
  const result = configSchema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map(issue => `${issue.path.join('.') || '(top)'}: ${issue.message}`)
  throw new NodeError('NODE_CONFIG_INVALID', `${source} is not valid. ${problems.join('; ')}.`, {
    details: { source, problems },
  })
}

/** Reads a config file (JSON with comments); the defaults where there is none. */
export async function readConfig(path: string): Promise<Config> {
  const text = await readText(path)
  return parseConfig(text === undefined ? {} : parseText(text, path), path)
}

/** Whether there is a config file. */
export async function hasConfig(path: string): Promise<boolean> {
  return (await readText(path)) !== undefined
}

/** Sets one setting by its dotted name and keeps the file's comments; writes the commented defaults first where there is no file. */
export async function setConfig(path: string, name: string, value: unknown): Promise<Config> {
  const text = (await readText(path)) ?? commentedDefaults()
  const wasValid = configSchema.safeParse(parseText(text, path)).success
  const edited = applyEdits(text, modify(text, name.split('.'), value, { formattingOptions: FORMAT }))
  // where the file was valid, the value is what is not
  const source = wasValid ? `${JSON.stringify(value)} for ${name}` : path
  const config = parseConfig(parseText(edited, path), source)
  await writeConfig(path, edited)
  return config
}

/**
 * What a user means who types a value for a setting: JSON where the setting takes that (numbers, lists, null), else the
 * text itself: an amount such as 0.002 is text.
 */
export function readSetting(name: string, text: string): unknown {
  const json = parseJson(text)
  const field = name.split('.').reduce<unknown>((at, key) => sectionOf(at)?.shape[key], configSchema)
  if (json === undefined || !(field instanceof z.ZodType)) return json ?? text
  const isWrongType = field.safeParse(json).error?.issues.some(({ code }) => code === 'invalid_type')
  return isWrongType ? text : json
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Writes the commented defaults. @throws NodeError `NODE_CONFIG_INVALID` where there is a file already */
export async function initConfig(path: string): Promise<void> {
  if ((await readText(path)) !== undefined) {
    throw new NodeError('NODE_CONFIG_INVALID', `${path} exists already: edit it, or move it away first.`)
  }
  await writeConfig(path, commentedDefaults())
}

/** The default config file: every setting with its default, and a comment that says what it does. */
export function commentedDefaults(): string {
  const lines = [
    '// Settings of this Neurovoyance node. Comments are allowed; what is left out has its default.',
    '{',
  ]
  writeObject(lines, configSchema, parseConfig({}) as unknown as Record<string, unknown>, '  ')
  lines.push('}', '')
  return lines.join('\n')
}

function writeObject(
  lines: string[],
  schema: z.ZodObject,
  defaults: Record<string, unknown>,
  indent: string,
): void {
  const entries = Object.entries(schema.shape)
  entries.forEach(([name, field], index) => {
    const comma = index < entries.length - 1 ? ',' : ''
    const section = sectionOf(field)
    if (section !== undefined) {
      lines.push(`${indent}${JSON.stringify(name)}: {`)
      writeObject(lines, section, defaults[name] as Record<string, unknown>, `${indent}  `)
      lines.push(`${indent}}${comma}`)
      return
    }
    const description = (field as z.ZodType).description
    if (description !== undefined) lines.push(`${indent}// ${description}`)
    lines.push(`${indent}${JSON.stringify(name)}: ${JSON.stringify(defaults[name])}${comma}`)
  })
}

function sectionOf(field: unknown): z.ZodObject | undefined {
  const inner = field instanceof z.ZodPrefault ? field.unwrap() : field
  return inner instanceof z.ZodObject ? inner : undefined
}

async function writeConfig(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path))
  await writeFileAtomic(path, text, { mode: 0o644 })
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(path)
    if (bytes.length > MAX_CONFIG_BYTES)
      throw new NodeError('NODE_CONFIG_INVALID', `${path} is larger than ${MAX_CONFIG_BYTES} bytes.`)
    return bytes.toString('utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function parseText(text: string, path: string): unknown {
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const first = errors[0]
  if (first === undefined) return value
  const line = text.slice(0, first.offset).split('\n').length
  throw new NodeError(
    'NODE_CONFIG_INVALID',
    `${path}, line ${line}: ${printParseErrorCode(first.error)}. Correct it, or move the file away to start from the defaults.`,
    {
      details: { path, line },
    },
  )
}
