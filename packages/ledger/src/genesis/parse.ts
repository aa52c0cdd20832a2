import { LIMITS } from '@neurovoyance/protocol'
import { ledgerError } from '../errors.js'
import { canonicalJson } from './canonical.js'
import type { ContinuedState, GenesisDocument, GenesisSignature } from './document.js'

type Members = Readonly<Record<string, unknown>>

/**
 * Reads a genesis that somebody gave: its form, not its rules (`checkGenesis` has those).
 *
 * @throws LedgerError `LEDGER_BAD_GENESIS`; `details.field` names what is wrong
 */
export function parseGenesis(text: string): GenesisDocument {
  if (text.length > LIMITS.genesisBytes) {
    throw bad('the document', `has more than ${LIMITS.genesisBytes} bytes`)
  }
  const document = objectOf(jsonOf(text), 'the document')
  const known = ['chainId', 'modules', 'parameters', 'signatures', 'state', 'timeMs', 'version']
  onlyKnown(document, known, '')
  // whatever it says, it has to be of a kind that has one hash
  canonicalJson(document)
  const { chainId, timeMs, parameters, modules, version, state, signatures } = document
  if (typeof chainId !== 'string' || !isChainId(chainId)) {
    throw bad('chainId', 'is not a name of small letters, digits, dots and dashes')
  }
  if (typeof timeMs !== 'number' || !Number.isSafeInteger(timeMs) || timeMs < 0) {
    throw bad('timeMs', 'is not a time in milliseconds')
  }
  const values = objectOf(parameters, 'parameters')
  if (Object.keys(values).length > LIMITS.parameters) {
    throw bad('parameters', `are more than ${LIMITS.parameters}`)
  }
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'string') throw bad(`parameters.${name}`, 'is not a whole number, as text')
  }
  if (version !== undefined && (typeof version !== 'number' || version < 1)) {
    throw bad('version', 'is not a version of the rules')
  }
  const parsed = {
    chainId,
    timeMs,
    parameters: values as GenesisDocument['parameters'],
    modules: objectOf(modules, 'modules'),
  }
  const chosen = Object.keys({ ...parsed.parameters, ...parsed.modules }).length
  if (state !== undefined && (chosen > 0 || version !== undefined)) {
    throw bad('state', 'has parameters, modules and a version in it: the document must have none')
  }
  return {
    ...parsed,
    ...(version !== undefined && { version }),
    ...(state !== undefined && { state: stateOf(state) }),
    ...(signatures !== undefined && { signatures: signaturesOf(signatures) }),
  }
}

/** Whether a text can be the name of a chain. */
export const isChainId = (text: string): boolean =>
  text.length <= LIMITS.chainIdBytes && /^[a-z0-9][a-z0-9.-]*$/.test(text)

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw bad('the document', `is not JSON: ${(error as Error).message}`)
  }
}

function stateOf(value: unknown): ContinuedState {
  const state = objectOf(value, 'state')
  onlyKnown(state, ['chainId', 'height', 'root', 'validators'], 'state.')
  const { chainId, height, root, validators } = state
  if (typeof chainId !== 'string' || !isChainId(chainId))
    throw bad('state.chainId', 'is not the name of a chain')
  if (typeof height !== 'number' || height < 0) throw bad('state.height', 'is not a height')
  if (!Array.isArray(validators) || validators.length > LIMITS.validators) {
    throw bad('state.validators', `is not a list of at most ${LIMITS.validators}`)
  }
  return {
    chainId,
    height,
    root: hexOf(root, LIMITS.hashBytes, 'state.root'),
    validators: validators.map((item, index) => validatorOf(item, `state.validators[${index}]`)),
  }
}

function validatorOf(value: unknown, field: string): ContinuedState['validators'][number] {
  const validator = objectOf(value, field)
  onlyKnown(validator, ['consensusKey', 'power'], `${field}.`)
  const { consensusKey, power } = validator
  if (typeof power !== 'number' || power < 1) throw bad(`${field}.power`, 'is not a power')
  return { consensusKey: hexOf(consensusKey, LIMITS.publicKeyBytes, `${field}.consensusKey`), power }
}

function signaturesOf(value: unknown): readonly GenesisSignature[] {
  if (!Array.isArray(value)) throw bad('signatures', 'is not a list')
  if (value.length > LIMITS.genesisSignatures) {
    throw bad('signatures', `are more than ${LIMITS.genesisSignatures}`)
  }
  return value.map((item, index) => {
    const field = `signatures[${index}]`
    const entry = objectOf(item, field)
    onlyKnown(entry, ['publicKey', 'signature'], `${field}.`)
    return {
      publicKey: hexOf(entry.publicKey, LIMITS.publicKeyBytes, `${field}.publicKey`),
      signature: hexOf(entry.signature, LIMITS.signatureBytes, `${field}.signature`),
    }
  })
}

function objectOf(value: unknown, field: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members
  throw bad(field, 'is not an object')
}

function hexOf(value: unknown, bytes: number, field: string): string {
  if (typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value)) return value
  throw bad(field, `is not ${2 * bytes} hexadecimal digits`)
}

function onlyKnown(members: Members, known: readonly string[], prefix: string): void {
  const stranger = Object.keys(members).find(name => !known.includes(name))
  if (stranger !== undefined)
    throw bad(`${prefix}${stranger}`, `is nothing that a genesis has (${known.join(', ')})`)
}

const bad = (field: string, problem: string) =>
  ledgerError('LEDGER_BAD_GENESIS', `${field} ${problem}`, { field })
