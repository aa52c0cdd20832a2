import { NO_HASH } from '../../core/block/hashes.js'
import { admit } from '../../core/machine/admit.js'
import { weightOf } from '../../core/machine/apply.js'
import type { BlockContext } from '../../core/machine/context.js'
import { parametersOf } from '../../core/machine/parameters-record.js'
import { badSignature, type OpenTransaction } from '../../core/machine/transaction.js'
import { actionSignatures, checkTerm } from '../../core/mempool/door.js'
import type { Waiting } from '../../core/mempool/line.js'
import { accountOf, accounts } from '../../core/modules/accounts/account.js'
import { Draft } from '../../core/state/draft.js'
import { headOf, type Ledger } from './ledger.js'

/** The next nonce of an account. */
export const nonceIn = (ledger: Ledger) => {
  const draft = new Draft(ledger.state)
  return (sender: string): number => accounts.get(draft, sender)?.nonce ?? 0
}

/**
 * Lets a transaction wait: it fits the block, is in time, the right keys signed it, and it could pay its fee now if
 * it were next in line. Signatures within its actions hold by the platform's verifier.
 *
 * @throws LedgerError as `admit`, `checkTerm`, `actionSignatures` and `Mempool.add`
 */
export function wait(ledger: Ledger, transaction: OpenTransaction, bytes: Uint8Array): void {
  const waiting = { transaction, bytes, weight: weightOf(ledger.machine, transaction) }
  checkAsNext(ledger, waiting)
  ledger.pool.add(waiting, nonceIn(ledger)(transaction.sender))
}

/** Admits it to a draft that is thrown away, at the nonce that it has. */
function checkAsNext(ledger: Ledger, { transaction, weight }: Waiting): void {
  const { machine, state } = ledger
  const head = headOf(ledger)
  const draft = new Draft(state)
  const context: BlockContext = {
    draft,
    chainId: machine.chainId,
    height: head.height + 1,
    timeMs: head.timeMs,
    previousTimeMs: head.timeMs,
    proposer: NO_HASH,
    evidence: [],
    parameters: parametersOf(machine, draft),
    verify: machine.verify,
    emit: () => {},
  }
  const { sender, body } = transaction
  checkTerm(body, context.height)
  for (const { publicKey, message, signature } of actionSignatures(machine, draft, transaction))
    if (!ledger.strict(publicKey, message, signature)) throw badSignature(publicKey, machine.chainId)
  const account = accountOf(context, sender)
  if (body.nonce > account.nonce) accounts.set(draft, sender, { ...account, nonce: body.nonce })
  admit(context, transaction, weight)
}
