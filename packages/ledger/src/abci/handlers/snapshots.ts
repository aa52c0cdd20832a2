import { errorCode } from '@neurovoyance/protocol'
import type { Ledger } from '../application/ledger.js'
import { readMetadata, SNAPSHOT_FORMAT } from '../application/snapshot-shelf.js'
import type { RequestOf } from '../messages/requests.js'
import type { ResponseOf } from '../messages/responses.js'

/** Lists the snapshots that others may fetch from here. */
export const listSnapshots = async ({ shelf }: Ledger): Promise<ResponseOf<'listSnapshots'>> => ({
  snapshots: await shelf.list(),
})

/** Gives a chunk of one; nothing for what is not here. */
export async function loadSnapshotChunk(
  { shelf }: Ledger,
  { height, format, chunk }: RequestOf<'loadSnapshotChunk'>,
): Promise<ResponseOf<'loadSnapshotChunk'>> {
  const source = format === SNAPSHOT_FORMAT ? await shelf.at(height) : undefined
  if (source === undefined || chunk >= source.manifest.chunks.length) return {}
  return { chunk: await source.chunk(chunk) }
}

/**
 * Takes a snapshot on, where it says that it leads to the app hash that CometBFT's light client verified. That it
 * does is checked when it is whole; the ledger's time in it is its provider's word, and the first block after it
 * shows whether that was true.
 */
export async function offerSnapshot(
  { keeper, restoration }: Ledger,
  { snapshot, appHash }: RequestOf<'offerSnapshot'>,
): Promise<ResponseOf<'offerSnapshot'>> {
  if (keeper.head !== undefined || snapshot === undefined) return { result: 'abort' }
  if (snapshot.format !== SNAPSHOT_FORMAT) return { result: 'rejectFormat' }
  try {
    const { manifest, timeMs } = readMetadata(snapshot.metadata)
    const fits =
      manifest.height === snapshot.height &&
      manifest.chunks.length === snapshot.chunks &&
      Buffer.compare(manifest.root, appHash) === 0
    if (!fits) return { result: 'reject' }
    await restoration.begin(manifest, timeMs)
    return { result: 'accept' }
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return { result: 'reject' }
  }
}

/** Takes a chunk; with the last one the state is there. A chunk that is not what was named is asked for elsewhere. */
export async function applySnapshotChunk(
  ledger: Ledger,
  { index, chunk, sender }: RequestOf<'applySnapshotChunk'>,
): Promise<ResponseOf<'applySnapshotChunk'>> {
  const { keeper, restoration } = ledger
  if (!restoration.isUnderWay) return { result: 'abort' }
  if (!(await restoration.take(index, chunk))) {
    return { result: 'retry', refetchChunks: [index], rejectSenders: [sender] }
  }
  const whole = restoration.whole()
  if (whole === undefined) return { result: 'accept' }
  try {
    await keeper.restore(whole.source, whole.source.manifest.root, whole.timeMs)
    return { result: 'accept' }
  } catch (error) {
    if (errorCode(error) !== 'LEDGER_SNAPSHOT_INVALID') throw error
    ledger.logger.warn({ error: String(error) }, 'refused a snapshot')
    return { result: 'rejectSnapshot' }
  } finally {
    await restoration.drop()
  }
}
