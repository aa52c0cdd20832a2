import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { LIMITS } from '../src/limits.ts'

/** What a field holds, in the few kinds that our schemas use. */
export type FieldKind =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'uint32'
  | 'uint64'
  | 'amount'
  | 'double'
  | 'enum'
  | 'message'

export interface FieldSchema {
  name: string
  number: number
  kind: FieldKind
  doc: string
  repeated: boolean
  optional: boolean
  /** Name of the message or enum, for those kinds. */
  reference?: string
  format?: 'cid' | 'peerId'
  maxBytes?: string
  /** Bytes of this length and no other. */
  exactBytes?: string
  maxItems?: string
  maxValue?: string
}

export interface MessageSchema {
  name: string
  doc: string
  fields: FieldSchema[]
  /** Present on messages that travel by themselves. */
  maxMessageBytes?: string
  /** Whether a field that the schema does not know makes the message malformed. */
  strict: boolean
}

export interface EnumSchema {
  name: string
  doc: string
  values: { name: string; doc: string }[]
}

export interface MethodSchema {
  name: string
  doc: string
  kind: 'unary' | 'duplex'
  request: string
  response: string
  maxAttachmentBytes?: string
}

export interface ServiceSchema {
  name: string
  doc: string
  version: string
  methods: MethodSchema[]
}

/** One .proto file. */
export interface SchemaFile {
  /** `inference` for proto/neurovoyance/inference/v1/inference.proto, `ledger-block` for …/ledger/v1/block.proto. */
  area: string
  source: string
  messages: MessageSchema[]
  enums: EnumSchema[]
  services: ServiceSchema[]
}

const ownProtoDir = fileURLToPath(new URL('../proto/', import.meta.url))
const OPTIONS_FILE = 'neurovoyance/options.proto'
const bundledDir = dirname(createRequire(import.meta.url).resolve('protobufjs/package.json'))
const SCALARS = new Set(['string', 'bytes', 'bool', 'uint32', 'uint64', 'double'])
const OPTION = /^\(neurovoyance\.(\w+)\)$/
const OPTIONS = new Set([
  'max_message_bytes',
  'max_bytes',
  'exact_bytes',
  'strict',
  'max_items',
  'max_value',
  'format',
  'version',
  'max_attachment_bytes',
])

/** Names that generated code uses itself. */
const TAKEN = new Set(['reader', 'tag', 'writer'])

/** Reads every schema under proto/ and refuses what the emitter could not hold within limits. */
export function readSchemas(protoDir: string = ownProtoDir): SchemaFile[] {
  const { sources, root } = loadSchemas(protoDir)
  const declared = flatten(root)
  return sources.map(source => {
    const here = declared.filter(
      item => item.filename !== null && sourceOf(protoDir, item.filename) === source,
    )
    return {
      area: areaOf(source),
      source,
      messages: here.filter(item => item instanceof protobuf.Type).map(readMessage),
      enums: here.filter(item => item instanceof protobuf.Enum).map(readEnum),
      services: here.filter(item => item instanceof protobuf.Service).map(readService),
    }
  })
}

/** The schemas as protobufjs sees them. */
export function loadSchemas(protoDir: string = ownProtoDir): { sources: string[]; root: protobuf.Root } {
  const sources = readdirSync(protoDir, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => /\/v\d+\/[^/]+\.proto$/.test(path))
    .sort()
  const root = new protobuf.Root()
  root.resolvePath = (_origin, target) => {
    if (target.startsWith('google/')) return join(bundledDir, target)
    if (target === OPTIONS_FILE) return join(ownProtoDir, target)
    return isAbsolute(target) ? target : join(protoDir, target)
  }
  root.loadSync(sources, { alternateCommentMode: true }).resolveAll()
  return { sources, root }
}

function areaOf(source: string): string {
  const [folder, , file] = source
    .replace(/\.proto$/, '')
    .split('/')
    .slice(-3)
  return file === folder ? file! : `${folder}-${file}`
}

function sourceOf(protoDir: string, filename: string): string {
  return relative(protoDir, filename).replaceAll('\\', '/')
}

function flatten(namespace: protobuf.NamespaceBase): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap(item =>
    item instanceof protobuf.Namespace && !(item instanceof protobuf.Service)
      ? [item, ...flatten(item)]
      : [item],
  )
}

function readMessage(type: protobuf.Type): MessageSchema {
  if (type.parent instanceof protobuf.Type) fail(type, 'is nested: declare it beside its parent')
  if (type.oneofsArray.some(oneof => !oneof.isProto3Optional)) fail(type, 'uses oneof')
  refuseRecursion(type, [])
  const maxMessageBytes = limit(type, 'max_message_bytes')
  return {
    name: type.name,
    doc: docOf(type),
    fields: [...type.fieldsArray].sort((a, b) => a.id - b.id).map(readField),
    strict: option(type, 'strict') === 'true',
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
  }
}

function readField(field: protobuf.Field): FieldSchema {
  if (field.map) fail(field, 'is a map')
  if (TAKEN.has(field.name)) fail(field, 'has a name that generated code uses itself')
  const kind = kindOf(field)
  const maxBytes = limit(field, 'max_bytes')
  const exactBytes = limit(field, 'exact_bytes')
  const maxItems = limit(field, 'max_items')
  const maxValue = limit(field, 'max_value')
  const format = option(field, 'format')
  if (exactBytes !== undefined && kind !== 'bytes') fail(field, 'has exact_bytes and is no bytes')
  if ((kind === 'string' || kind === 'bytes') !== ((maxBytes ?? exactBytes) !== undefined)) {
    fail(field, 'needs max_bytes or exact_bytes where it is a string or bytes, and only there')
  }
  if (field.repeated !== (maxItems !== undefined))
    fail(field, 'needs max_items where it repeats, and only there')
  if (field.repeated && !['string', 'bytes', 'message'].includes(kind)) fail(field, 'repeats a number')
  if (format !== undefined && !isFormat(kind, format)) fail(field, `has the unknown format ${format}`)
  if (maxValue !== undefined && !['uint32', 'uint64'].includes(kind))
    fail(field, 'has max_value and is no whole number')
  return {
    name: field.name,
    number: field.id,
    kind,
    doc: docOf(field),
    repeated: field.repeated,
    optional: field.partOf?.isProto3Optional === true || (kind === 'message' && !field.repeated),
    ...(field.resolvedType === null ? {} : { reference: field.resolvedType.name }),
    ...(format === 'cid' || format === 'peerId' ? { format } : {}),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(exactBytes === undefined ? {} : { exactBytes }),
    ...(maxItems === undefined ? {} : { maxItems }),
    ...(maxValue === undefined ? {} : { maxValue }),
  }
}

function kindOf(field: protobuf.Field): FieldKind {
  if (field.resolvedType instanceof protobuf.Enum) return 'enum'
  if (field.resolvedType instanceof protobuf.Type) return 'message'
  if (!SCALARS.has(field.type)) fail(field, `has the type ${field.type}: use ${[...SCALARS].join(', ')}`)
  if (option(field, 'format') === 'amount' && field.type === 'uint64') return 'amount'
  return field.type as FieldKind
}

function isFormat(kind: FieldKind, format: string): boolean {
  return kind === 'amount' ? format === 'amount' : kind === 'string' && ['cid', 'peerId'].includes(format)
}

function readEnum(item: protobuf.Enum): EnumSchema {
  const prefix = `${item.name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}_`
  const entries = Object.entries(item.values).sort(([, a], [, b]) => a - b)
  const values = entries.map(([name, number], index) => {
    if (number !== index || !name.startsWith(prefix))
      fail(item, `numbers its values from 0, named ${prefix}…`)
    return { name: name.slice(prefix.length).toLowerCase(), doc: item.comments[name] ?? '' }
  })
  if (values[0]?.name !== 'unspecified') fail(item, `has to start with ${prefix}UNSPECIFIED`)
  return { name: item.name, doc: docOf(item), values }
}

function readService(service: protobuf.Service): ServiceSchema {
  const version = option(service, 'version')
  if (version === undefined) return fail(service, 'has no version')
  return {
    name: service.name,
    doc: docOf(service),
    version,
    methods: service.methodsArray.map(readMethod),
  }
}

function readMethod(method: protobuf.Method): MethodSchema {
  const [request, response] = [method.resolvedRequestType, method.resolvedResponseType]
  if (request === null || response === null) return fail(method, 'names an unknown message')
  for (const type of [request, response]) {
    if (limit(type, 'max_message_bytes') === undefined)
      fail(type, 'travels by itself: give it max_message_bytes')
  }
  const streams = [method.requestStream === true, method.responseStream === true]
  if (streams[0] !== streams[1]) fail(method, 'streams one way only: stream both ways')
  const maxAttachmentBytes = limit(method, 'max_attachment_bytes')
  return {
    name: method.name,
    doc: docOf(method),
    kind: streams[0] ? 'duplex' : 'unary',
    request: request.name,
    response: response.name,
    ...(maxAttachmentBytes === undefined ? {} : { maxAttachmentBytes }),
  }
}

/** What a message may hold is finite: without recursion, nesting is as deep as the schema and no deeper. */
function refuseRecursion(type: protobuf.Type, path: readonly protobuf.Type[]): void {
  if (path.includes(type)) fail(type, 'holds itself')
  for (const field of type.fieldsArray) {
    if (field.resolvedType instanceof protobuf.Type) refuseRecursion(field.resolvedType, [...path, type])
  }
}

/** What a schema says of an item: every one is told, and has no option that nobody reads. */
function docOf(item: protobuf.ReflectionObject): string {
  for (const key of Object.keys(item.options ?? {})) {
    const name = OPTION.exec(key)?.[1]
    if (key.startsWith('(') && !(name !== undefined && OPTIONS.has(name)))
      fail(item, `has the unknown option ${key}`)
  }
  return item.comment ?? fail(item, 'has no comment')
}

function option(item: protobuf.ReflectionObject, name: string): string | undefined {
  const value: unknown = item.options?.[`(neurovoyance.${name})`]
  return typeof value === 'string' ? value : value === true ? 'true' : undefined
}

function limit(item: protobuf.ReflectionObject, name: string): string | undefined {
  const value = option(item, name)
  if (value !== undefined && !Object.hasOwn(LIMITS, value))
    fail(item, `names the limit ${value}: not in LIMITS`)
  return value
}

function fail(item: protobuf.ReflectionObject, problem: string): never {
  throw new Error(`${item.fullName} ${problem}`)
}
