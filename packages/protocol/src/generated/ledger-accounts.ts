// Generated from proto/neurovoyance/ledger/v1/accounts.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/**
 * The keys of an account: signatures whose weights reach the threshold speak for it. An account's address is the
 * SHA-256 of `neurovoyance/account/1`, a zero byte, and the encoded KeySet that it began with.
 */
export interface KeySet {
  /** The weight that is needed. */
  readonly threshold: number
  /** The keys, sorted by public key, each once. */
  readonly keys: readonly KeyWeight[]
}

export function readKeySet(reader: WireReader): KeySet {
  let threshold: number = 0
  const keys: KeyWeight[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        threshold = reader.uint32('KeySet.threshold')
        break
      case 18:
        reader.room('KeySet.keys', keys.length, LIMITS.accountKeys)
        keys.push(reader.nested('KeySet.keys', readKeyWeight))
        break
      default:
        reader.refuse(tag)
    }
  }
  return { threshold, keys }
}

export function writeKeySet(writer: WireWriter, value: KeySet): void {
  if (value.threshold !== 0) writer.uint(8, value.threshold, 'KeySet.threshold', 0xffff_ffff)
  writer.items('KeySet.keys', value.keys.length, LIMITS.accountKeys)
  for (const item of value.keys) writer.nested(18, item, writeKeyWeight)
}

/** Codec of {@link KeySet}, at most `LIMITS.keySetBytes`. */
export const KeySet: Codec<KeySet> = /* @__PURE__ */ messageCodec('KeySet', LIMITS.keySetBytes, readKeySet, writeKeySet)

/** A key of an account. */
export interface KeyWeight {
  /** The Ed25519 key: canonical, and not of small order. */
  readonly publicKey: Uint8Array
  /** What its signature counts, at least 1. */
  readonly weight: number
}

export function readKeyWeight(reader: WireReader): KeyWeight {
  let publicKey: Uint8Array = new Uint8Array(0)
  let weight: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        publicKey = reader.copy('KeyWeight.publicKey', LIMITS.publicKeyBytes)
        break
      case 16:
        weight = reader.uint32('KeyWeight.weight')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(publicKey, 'KeyWeight.publicKey', LIMITS.publicKeyBytes)
  return { publicKey, weight }
}

export function writeKeyWeight(writer: WireWriter, value: KeyWeight): void {
  checkLength(value.publicKey, 'KeyWeight.publicKey', LIMITS.publicKeyBytes)
  if (value.publicKey.length > 0) writer.copy(10, value.publicKey, 'KeyWeight.publicKey', LIMITS.publicKeyBytes)
  if (value.weight !== 0) writer.uint(16, value.weight, 'KeyWeight.weight', 0xffff_ffff)
}

/** Coins by their kind. What is taken out of an account and comes back (a deposit, a bond) remembers its kinds. */
export interface Purse {
  /** Coins that may be given to anybody. */
  readonly liquid: bigint
  /** Coins that were earned in the network: spent in it at once, turned into liquid ones slowly. Oldest first. */
  readonly earned: readonly Lot[]
  /** Coins of a grant: spent in the network and nothing else. */
  readonly granted: bigint
}

export function readPurse(reader: WireReader): Purse {
  let liquid: bigint = 0n
  const earned: Lot[] = []
  let granted: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        liquid = reader.amount('Purse.liquid')
        break
      case 18:
        reader.room('Purse.earned', earned.length, LIMITS.lots)
        earned.push(reader.nested('Purse.earned', readLot))
        break
      case 24:
        granted = reader.amount('Purse.granted')
        break
      default:
        reader.refuse(tag)
    }
  }
  return { liquid, earned, granted }
}

export function writePurse(writer: WireWriter, value: Purse): void {
  if (value.liquid !== 0n) writer.amount(8, value.liquid, 'Purse.liquid')
  writer.items('Purse.earned', value.earned.length, LIMITS.lots)
  for (const item of value.earned) writer.nested(18, item, writeLot)
  if (value.granted !== 0n) writer.amount(24, value.granted, 'Purse.granted')
}

/** Earned coins of one age. */
export interface Lot {
  /** The 30 days in which they were earned, counted from the Unix epoch. */
  readonly month: number
  /** How many. */
  readonly amount: bigint
}

export function readLot(reader: WireReader): Lot {
  let month: number = 0
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        month = reader.uint32('Lot.month')
        break
      case 16:
        amount = reader.amount('Lot.amount')
        break
      default:
        reader.refuse(tag)
    }
  }
  return { month, amount }
}

export function writeLot(writer: WireWriter, value: Lot): void {
  if (value.month !== 0) writer.uint(8, value.month, 'Lot.month', 0xffff_ffff)
  if (value.amount !== 0n) writer.amount(16, value.amount, 'Lot.amount')
}

/** Coins that become earned ones bit by bit. */
export interface Vesting {
  /** What has not become earned yet. */
  readonly remaining: bigint
  /** Ledger time up to which it has been released. */
  readonly releasedUntilMs: number
  /** Ledger time at which nothing remains. */
  readonly endsMs: number
}

export function readVesting(reader: WireReader): Vesting {
  let remaining: bigint = 0n
  let releasedUntilMs: number = 0
  let endsMs: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        remaining = reader.amount('Vesting.remaining')
        break
      case 16:
        releasedUntilMs = reader.varint('Vesting.releasedUntilMs')
        break
      case 24:
        endsMs = reader.varint('Vesting.endsMs')
        break
      default:
        reader.refuse(tag)
    }
  }
  return { remaining, releasedUntilMs, endsMs }
}

export function writeVesting(writer: WireWriter, value: Vesting): void {
  if (value.remaining !== 0n) writer.amount(8, value.remaining, 'Vesting.remaining')
  if (value.releasedUntilMs !== 0) writer.uint(16, value.releasedUntilMs, 'Vesting.releasedUntilMs', Number.MAX_SAFE_INTEGER)
  if (value.endsMs !== 0) writer.uint(24, value.endsMs, 'Vesting.endsMs', Number.MAX_SAFE_INTEGER)
}

/** An account as the ledger keeps it, under `accounts/<address in hexadecimal>`. */
export interface Account {
  /** Transactions made. */
  readonly nonce: number
  /** Its keys; absent until its first transaction shows them. */
  readonly keys?: KeySet | undefined
  /** Coins at hand. */
  readonly purse?: Purse | undefined
  /** Coins that vest, by the time at which they have, soonest first. */
  readonly vesting: readonly Vesting[]
}

export function readAccount(reader: WireReader): Account {
  let nonce: number = 0
  let keys: KeySet | undefined
  let purse: Purse | undefined
  const vesting: Vesting[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        nonce = reader.varint('Account.nonce')
        break
      case 18:
        keys = reader.nested('Account.keys', readKeySet)
        break
      case 26:
        purse = reader.nested('Account.purse', readPurse)
        break
      case 34:
        reader.room('Account.vesting', vesting.length, LIMITS.vestings)
        vesting.push(reader.nested('Account.vesting', readVesting))
        break
      default:
        reader.skip(tag)
    }
  }
  return { nonce, keys, purse, vesting }
}

export function writeAccount(writer: WireWriter, value: Account): void {
  if (value.nonce !== 0) writer.uint(8, value.nonce, 'Account.nonce', Number.MAX_SAFE_INTEGER)
  if (value.keys !== undefined) writer.nested(18, value.keys, writeKeySet)
  if (value.purse !== undefined) writer.nested(26, value.purse, writePurse)
  writer.items('Account.vesting', value.vesting.length, LIMITS.vestings)
  for (const item of value.vesting) writer.nested(34, item, writeVesting)
}

/** Codec of {@link Account}, at most `LIMITS.accountBytes`. */
export const Account: Codec<Account> = /* @__PURE__ */ messageCodec('Account', LIMITS.accountBytes, readAccount, writeAccount)

/** Gives liquid coins to another account. Kind `accounts/transfer`. */
export interface AccountsTransfer {
  /** Who gets them. */
  readonly to: Uint8Array
  /** How many. */
  readonly amount: bigint
}

export function readAccountsTransfer(reader: WireReader): AccountsTransfer {
  let to: Uint8Array = new Uint8Array(0)
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        to = reader.copy('AccountsTransfer.to', LIMITS.hashBytes)
        break
      case 16:
        amount = reader.amount('AccountsTransfer.amount')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(to, 'AccountsTransfer.to', LIMITS.hashBytes)
  return { to, amount }
}

export function writeAccountsTransfer(writer: WireWriter, value: AccountsTransfer): void {
  checkLength(value.to, 'AccountsTransfer.to', LIMITS.hashBytes)
  if (value.to.length > 0) writer.copy(10, value.to, 'AccountsTransfer.to', LIMITS.hashBytes)
  if (value.amount !== 0n) writer.amount(16, value.amount, 'AccountsTransfer.amount')
}

/** Codec of {@link AccountsTransfer}, at most `LIMITS.actionBytes`. */
export const AccountsTransfer: Codec<AccountsTransfer> = /* @__PURE__ */ messageCodec('AccountsTransfer', LIMITS.actionBytes, readAccountsTransfer, writeAccountsTransfer)

/** Replaces the keys of the account; its address stays. Kind `accounts/rotate`. */
export interface AccountsRotate {
  /** The keys from now on. */
  readonly keys?: KeySet | undefined
}

export function readAccountsRotate(reader: WireReader): AccountsRotate {
  let keys: KeySet | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        keys = reader.nested('AccountsRotate.keys', readKeySet)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { keys }
}

export function writeAccountsRotate(writer: WireWriter, value: AccountsRotate): void {
  if (value.keys !== undefined) writer.nested(10, value.keys, writeKeySet)
}

/** Codec of {@link AccountsRotate}, at most `LIMITS.actionBytes`. */
export const AccountsRotate: Codec<AccountsRotate> = /* @__PURE__ */ messageCodec('AccountsRotate', LIMITS.actionBytes, readAccountsRotate, writeAccountsRotate)

/** Coins there are, under `supply`; kinds that nobody holds are left out. */
export interface Supply {
  /** Coins of the genesis. */
  readonly genesis: bigint
  /** Coins made since. */
  readonly minted: bigint
  /** Coins destroyed since. */
  readonly burnt: bigint
  /** What is held, by kind, sorted by name. */
  readonly held: readonly SupplyOfKind[]
}

export function readSupply(reader: WireReader): Supply {
  let genesis: bigint = 0n
  let minted: bigint = 0n
  let burnt: bigint = 0n
  const held: SupplyOfKind[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        genesis = reader.amount('Supply.genesis')
        break
      case 16:
        minted = reader.amount('Supply.minted')
        break
      case 24:
        burnt = reader.amount('Supply.burnt')
        break
      case 34:
        reader.room('Supply.held', held.length, LIMITS.coinKinds)
        held.push(reader.nested('Supply.held', readSupplyOfKind))
        break
      default:
        reader.skip(tag)
    }
  }
  return { genesis, minted, burnt, held }
}

export function writeSupply(writer: WireWriter, value: Supply): void {
  if (value.genesis !== 0n) writer.amount(8, value.genesis, 'Supply.genesis')
  if (value.minted !== 0n) writer.amount(16, value.minted, 'Supply.minted')
  if (value.burnt !== 0n) writer.amount(24, value.burnt, 'Supply.burnt')
  writer.items('Supply.held', value.held.length, LIMITS.coinKinds)
  for (const item of value.held) writer.nested(34, item, writeSupplyOfKind)
}

/** Codec of {@link Supply}, at most `LIMITS.supplyBytes`. */
export const Supply: Codec<Supply> = /* @__PURE__ */ messageCodec('Supply', LIMITS.supplyBytes, readSupply, writeSupply)

/** Coins of one kind. */
export interface SupplyOfKind {
  /** `liquid`, `earned`, `granted`, `vesting`, `bonded`, … */
  readonly kind: string
  /** How many. */
  readonly amount: bigint
}

export function readSupplyOfKind(reader: WireReader): SupplyOfKind {
  let kind: string = ''
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        kind = reader.string('SupplyOfKind.kind', LIMITS.nameBytes)
        break
      case 16:
        amount = reader.amount('SupplyOfKind.amount')
        break
      default:
        reader.skip(tag)
    }
  }
  return { kind, amount }
}

export function writeSupplyOfKind(writer: WireWriter, value: SupplyOfKind): void {
  if (value.kind !== '') writer.string(10, value.kind, 'SupplyOfKind.kind', LIMITS.nameBytes)
  if (value.amount !== 0n) writer.amount(16, value.amount, 'SupplyOfKind.amount')
}

/** What a unit of weight costs, under `fees`. */
export interface FeeMarket {
  /** Base units that are burnt for each unit of weight. */
  readonly baseFee: bigint
}

export function readFeeMarket(reader: WireReader): FeeMarket {
  let baseFee: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        baseFee = reader.amount('FeeMarket.baseFee')
        break
      default:
        reader.skip(tag)
    }
  }
  return { baseFee }
}

export function writeFeeMarket(writer: WireWriter, value: FeeMarket): void {
  if (value.baseFee !== 0n) writer.amount(8, value.baseFee, 'FeeMarket.baseFee')
}

/** Codec of {@link FeeMarket}, at most `LIMITS.supplyBytes`. */
export const FeeMarket: Codec<FeeMarket> = /* @__PURE__ */ messageCodec('FeeMarket', LIMITS.supplyBytes, readFeeMarket, writeFeeMarket)

/** Parameters that differ from what the software comes with, under `parameters`. */
export interface ParameterValues {
  /** The values, sorted by name. */
  readonly values: readonly ParameterValue[]
}

export function readParameterValues(reader: WireReader): ParameterValues {
  const values: ParameterValue[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('ParameterValues.values', values.length, LIMITS.parameters)
        values.push(reader.nested('ParameterValues.values', readParameterValue))
        break
      default:
        reader.skip(tag)
    }
  }
  return { values }
}

export function writeParameterValues(writer: WireWriter, value: ParameterValues): void {
  writer.items('ParameterValues.values', value.values.length, LIMITS.parameters)
  for (const item of value.values) writer.nested(10, item, writeParameterValue)
}

/** Codec of {@link ParameterValues}, at most `LIMITS.parametersBytes`. */
export const ParameterValues: Codec<ParameterValues> = /* @__PURE__ */ messageCodec('ParameterValues', LIMITS.parametersBytes, readParameterValues, writeParameterValues)

/** The value of one parameter. */
export interface ParameterValue {
  /** Module and parameter: `staking/unbondingMs`. */
  readonly name: string
  /** Its value. */
  readonly value: bigint
}

export function readParameterValue(reader: WireReader): ParameterValue {
  let name: string = ''
  let value: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        name = reader.string('ParameterValue.name', LIMITS.nameBytes)
        break
      case 16:
        value = reader.amount('ParameterValue.value')
        break
      default:
        reader.skip(tag)
    }
  }
  return { name, value }
}

export function writeParameterValue(writer: WireWriter, value: ParameterValue): void {
  if (value.name !== '') writer.string(10, value.name, 'ParameterValue.name', LIMITS.nameBytes)
  if (value.value !== 0n) writer.amount(16, value.value, 'ParameterValue.value')
}
