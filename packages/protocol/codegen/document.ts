import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LIMITS } from '../src/limits.ts'
import type { EnumSchema, FieldSchema, MessageSchema, SchemaFile, ServiceSchema } from './schema.ts'

/** The page that describes the wire to people; its generated parts lie between comments. */
export const protocolPage = fileURLToPath(new URL('../../../docs/protocol.md', import.meta.url))

/** Puts the tables of services, messages and limits into the page, in place of those that are there. */
export function documentSchemas(page: string, files: readonly SchemaFile[]): string {
  return insert(insert(page, 'messages', files.map(describeFile).join('\n\n')), 'limits', describeLimits())
}

function insert(page: string, part: string, content: string): string {
  const [begin, end] = [`<!-- begin ${part} -->`, `<!-- end ${part} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no part between ${begin} and ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`
}

function describeFile(file: SchemaFile): string {
  const enums = new Map(file.enums.map(item => [item.name, item]))
  return [
    ...file.services.map(describeService),
    ...file.messages.map(message => describeMessage(message, enums)),
  ].join('\n\n')
}

function describeService(service: ServiceSchema): string {
  const area = service.name.replace(/Service$/, '').toLowerCase()
  const rows = service.methods.map(({ name, kind, request, response, maxAttachmentBytes, doc }) => [
    `\`${name}\``,
    kind,
    reference(request),
    reference(response),
    maxAttachmentBytes === undefined ? 'none' : `≤ ${limit(maxAttachmentBytes)}`,
    line(doc),
  ])
  return [
    `### \`/neurovoyance/${area}/${service.version}\`: ${service.name}`,
    '',
    line(service.doc),
    '',
    ...table(['method', 'kind', 'request', 'response', 'attachments of a message', 'what it does'], rows),
  ].join('\n')
}

function describeMessage(message: MessageSchema, enums: ReadonlyMap<string, EnumSchema>): string {
  const size =
    message.maxMessageBytes === undefined ? 'Part of others.' : `At most ${limit(message.maxMessageBytes)}.`
  const rows = message.fields.map(field => [
    String(field.number),
    `\`${snake(field.name)}\``,
    typeOf(field),
    limitOf(field),
    meaningOf(field, enums),
  ])
  return [
    `#### ${message.name}`,
    '',
    `${line(message.doc)} ${size}${message.strict ? ' Strict.' : ''}`,
    ...(rows.length === 0 ? [] : ['', ...table(['no.', 'field', 'type', 'limit', 'meaning'], rows)]),
  ].join('\n')
}

function typeOf(field: FieldSchema): string {
  const named =
    field.kind === 'message' ? reference(field.reference!) : field.kind === 'amount' ? 'uint64' : field.kind
  return field.repeated ? `repeated ${named}` : field.optional ? `optional ${named}` : named
}

function limitOf(field: FieldSchema): string {
  const parts: string[] = []
  if (field.maxItems !== undefined) parts.push(`≤ ${LIMITS[field.maxItems as keyof typeof LIMITS]} items`)
  if (field.maxBytes !== undefined) parts.push(`≤ ${limit(field.maxBytes)}`)
  if (field.exactBytes !== undefined) parts.push(`= ${limit(field.exactBytes)}`)
  if (field.maxValue !== undefined) parts.push(`≤ ${LIMITS[field.maxValue as keyof typeof LIMITS]}`)
  else if (field.kind === 'uint32') parts.push('< 2^32')
  else if (field.kind === 'uint64') parts.push('< 2^53')
  else if (field.kind === 'amount') parts.push('< 2^63')
  else if (field.kind === 'double') parts.push('finite')
  if (field.format !== undefined) parts.push(field.format === 'cid' ? 'canonical CID' : 'PeerId')
  return parts.join(', ')
}

function meaningOf(field: FieldSchema, enums: ReadonlyMap<string, EnumSchema>): string {
  const values = field.kind === 'enum' ? enums.get(field.reference!)?.values : undefined
  const told = values?.map(
    ({ name, doc }, number) => `${number} ${name}${doc === '' ? '' : `: ${line(doc)}`}`,
  )
  return [line(field.doc), ...(told ?? [])].join(' ')
}

const LIMIT_LINE = /\/\*\* (?<meaning>.+) \*\/\n\s+(?<name>\w+):/g

/** Every limit of the wire with the sentence above it in `src/limits.ts`. */
function describeLimits(): string {
  const source = readFileSync(new URL('../src/limits.ts', import.meta.url), 'utf8')
  const meanings = new Map(
    [...source.matchAll(LIMIT_LINE)].map(({ groups }) => [groups!.name!, groups!.meaning!]),
  )
  const rows = Object.keys(LIMITS).map(name => {
    const meaning = meanings.get(name)
    if (meaning === undefined) throw new Error(`LIMITS.${name} says nothing of itself in one line`)
    return [`\`${name}\``, limit(name), meaning]
  })
  return table(['limit', 'value', 'of what'], rows).join('\n')
}

/** A limit by its name, in the unit that its name ends in. */
function limit(name: string): string {
  const value = LIMITS[name as keyof typeof LIMITS]
  if (!name.endsWith('Bytes')) return name.endsWith('Ms') ? `${value} ms` : String(value)
  const power = ['B', 'KiB', 'MiB', 'GiB'].findLastIndex((_, index) => value % 1024 ** index === 0)
  return `${value / 1024 ** power} ${['B', 'KiB', 'MiB', 'GiB'][power]}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`)
}

const reference = (name: string): string => `[${name}](#${name.toLowerCase()})`
const snake = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
const line = (doc: string): string => doc.trim().replaceAll('\n', ' ').replaceAll('|', '\\|')
