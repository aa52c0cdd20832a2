import {
  checkGenesis,
  createGenesis,
  createNetworkLedger,
  type GenesisDocument,
  type GenesisReport,
  genesisHash,
  isChainId,
  joinGenesis,
  type StakingEntry,
  signGenesis,
  withEntry,
} from '@neurovoyance/ledger'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { errorCode, formatAmount } from '@neurovoyance/protocol'
import { readGenesis } from '../../chain/read-genesis.js'
import { ensureValidatorKey, readValidatorKey } from '../../chain/validator-key.js'
import { NodeError } from '../../errors.js'
import type { CliContext } from '../context.js'
import { shortId, table } from '../format.js'
import { addressFrom, amountFrom } from '../options.js'
import type { JoinOptions, NewOptions } from './options.js'

/** Millionths in a hundredth. */
const PERCENT = 10_000

/** `nv genesis new` */
export async function create({ output }: CliContext, file: string, options: NewOptions): Promise<void> {
  const { chainId, account = [], sponsor = [], parameter = [], treasury = 0n } = options
  if (!isChainId(chainId)) {
    throw new NodeError(
      'NODE_USAGE',
      `'${chainId}' is no name of a chain: small letters, digits, dots and dashes.`,
    )
  }
  const document = createGenesis({
    chainId,
    timeMs: timeFrom(options.time),
    accounts: account.map(text => {
      const [address, amount] = pair(text)
      return { address: addressFrom(address), liquid: amountFrom(amount) }
    }),
    sponsors: sponsor.map(text => {
      const [address, amount] = pair(text)
      return { address: addressFrom(address), budget: amountFrom(amount) }
    }),
    treasury,
    parameters: Object.fromEntries(parameter.map(text => wholePair(text))),
  })
  try {
    await write(file, document, true)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    throw new NodeError('NODE_GENESIS', `${file} is there already: give another name, or move it away.`, {
      cause: error,
    })
  }
  const hash = hex(genesisHash(document))
  output.answer(
    { file, chainId, hash },
    () => `${file}\nhash ${hash}\nValidators join it: nv genesis join ${file}`,
  )
}

/** `nv genesis join` */
export async function join(
  { home, output }: CliContext,
  file: string,
  { owner, stake, commission }: JoinOptions,
): Promise<void> {
  const draft = await readGenesis(file)
  const { key, made } = await ensureValidatorKey(home.validatorKey)
  const document = await joinGenesis(draft, key, {
    owner: addressFrom(owner),
    liquid: stake,
    commission: commission * PERCENT,
  })
  // what the rules do not allow is not written
  checkGenesis(createNetworkLedger({ chainId: document.chainId }), document)
  await write(file, document)
  const consensusKey = hex(key.publicKey)
  output.answer({ file, consensusKey, owner, key: home.validatorKey }, () =>
    [
      `validator ${consensusKey}`,
      ...(made ? [`Its key is new, in ${home.validatorKey}: keep a copy of it somewhere safe.`] : []),
    ].join('\n'),
  )
}

/** `nv genesis merge` */
export async function merge({ output }: CliContext, file: string, others: readonly string[]): Promise<void> {
  let document = await readGenesis(file)
  for (const path of others) document = merged(document, await readGenesis(path), path)
  checkGenesis(createNetworkLedger({ chainId: document.chainId }), document)
  await write(file, document)
  const validators = entriesOf(document).length
  const signatures = document.signatures?.length ?? 0
  output.answer({ file, validators, signatures }, () => `${validators} validators, ${signatures} signatures`)
}

/** `nv genesis sign` */
export async function sign({ home, output }: CliContext, file: string): Promise<void> {
  const document = await readGenesis(file)
  const key = await readValidatorKey(home.validatorKey)
  if (key === undefined) {
    throw new NodeError(
      'NODE_KEY_MISSING',
      `There is no validator's key in ${home.validatorKey}: 'nv genesis join' makes one.`,
    )
  }
  const signed = await signGenesis(document, key)
  await write(file, signed)
  const hash = hex(genesisHash(signed))
  output.answer({ file, hash, publicKey: hex(key.publicKey) }, () => `signed ${hash}`)
}

/** `nv genesis check` */
export async function check({ output }: CliContext, file: string): Promise<void> {
  const report = await reportOf(file)
  const { missing } = report
  output.answer(reportJson(report), () =>
    missing.length === 0
      ? `${hex(report.hash)}\nEverybody has signed.`
      : `${hex(report.hash)}\n${missing.join('\n')}`,
  )
  if (missing.length > 0) process.exitCode = 1
}

/** `nv genesis show` */
export async function show({ output }: CliContext, file: string): Promise<void> {
  const document = await readGenesis(file)
  const report = await reportOf(file)
  const rows = report.validators.map(({ consensusKey, owner, power, signed }) => [
    consensusKey,
    String(power),
    signed ? 'yes' : 'no',
    owner === undefined ? '–' : shortId(owner),
  ])
  output.answer({ ...reportJson(report), document }, () =>
    [
      `chain    ${document.chainId}`,
      `hash     ${hex(report.hash)}`,
      `time     ${new Date(document.timeMs).toISOString()}`,
      `coins    ${report.total === undefined ? 'those of the state that it goes on from' : `${formatAmount(report.total)} NVY`}`,
      ...Object.entries(document.parameters).map(([name, value]) => `${name} = ${value}`),
      '',
      table([['VALIDATOR', 'POWER', 'SIGNED', 'OWNER'], ...rows]),
    ].join('\n'),
  )
}

async function reportOf(file: string): Promise<GenesisReport> {
  const document = await readGenesis(file)
  return checkGenesis(createNetworkLedger({ chainId: document.chainId }), document)
}

const reportJson = ({ hash, total, ...report }: GenesisReport) => ({
  hash: hex(hash),
  total: total === undefined ? null : String(total),
  ...report,
})

function merged(document: GenesisDocument, other: GenesisDocument, path: string): GenesisDocument {
  if (hex(genesisHash(withoutEntries(document))) !== hex(genesisHash(withoutEntries(other)))) {
    throw new NodeError(
      'NODE_GENESIS',
      `${path} is a copy of another draft: more than its validators differs.`,
    )
  }
  const known = new Set(entriesOf(document).map(({ consensusKey }) => consensusKey))
  const added = entriesOf(other).filter(({ consensusKey }) => !known.has(consensusKey))
  const joined = added.reduce(withEntry, document)
  // signatures are under one set of validators: those of a copy that has the same are taken over
  if (hex(genesisHash(joined)) !== hex(genesisHash(other))) return joined
  const signatures = new Map(
    [...(joined.signatures ?? []), ...(other.signatures ?? [])].map(entry => [entry.publicKey, entry]),
  )
  if (signatures.size === 0) return joined
  return {
    ...joined,
    signatures: [...signatures.values()].sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1)),
  }
}

function withoutEntries(document: GenesisDocument): GenesisDocument {
  const { staking: _, ...modules } = document.modules
  return { ...document, modules }
}

const entriesOf = ({ modules }: GenesisDocument): readonly StakingEntry[] =>
  Array.isArray(modules.staking) ? (modules.staking as readonly StakingEntry[]) : []

async function write(file: string, document: GenesisDocument, exclusive = false): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o644, exclusive })
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new NodeError('NODE_USAGE', `'${text}' is not NAME=VALUE.`)
}

function wholePair(text: string): [string, bigint] {
  const [name, value] = pair(text)
  if (/^\d{1,19}$/.test(value)) return [name, BigInt(value)]
  throw new NodeError('NODE_USAGE', `The value of ${name} is a whole number, not '${value}'.`)
}

function timeFrom(text: string | undefined): number {
  const timeMs = text === undefined ? Date.now() : Date.parse(text)
  if (Number.isSafeInteger(timeMs) && timeMs >= 0) return timeMs
  throw new NodeError('NODE_USAGE', `'${text}' is no time: write it as 2026-11-23T09:00:00Z.`)
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
