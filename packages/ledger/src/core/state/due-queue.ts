import { DueItem, DueQueue } from '@neurovoyance/protocol'
import { bytesOf, type Id, idOf } from '../hex.js'
import { collection, single } from './collection.js'
import type { Draft } from './draft.js'

/** Things that fall due in the order in which they were put in, since they all wait equally long. */
export interface DueList {
  /** Puts a subject in, due at a time. */
  push(draft: Draft, subject: Id, dueMs: number): void
  /**
   * Takes out what is due, at most so many. What was put in with a longer time to wait, before that was made
   * shorter, holds up what came after it.
   */
  take(draft: Draft, timeMs: number, most: number): readonly Id[]
}

const DIGITS = 12

/** A queue under `name`, of items under `<name>/<number>`. */
export function dueList(name: string): DueList {
  const ends = single<DueQueue>(name, { codec: DueQueue })
  const items = collection<DueItem>(name, { codec: DueItem })
  const idAt = (number: number): string => String(number).padStart(DIGITS, '0')
  return {
    push(draft, subject, dueMs) {
      const { head, tail } = ends.get(draft) ?? { head: 0, tail: 0 }
      items.set(draft, idAt(tail), { subject: bytesOf(subject), dueMs })
      ends.set(draft, { head, tail: tail + 1 })
    },
    take(draft, timeMs, most) {
      const queue = ends.get(draft)
      if (queue === undefined) return []
      const taken: Id[] = []
      let { head } = queue
      for (; head < queue.tail && taken.length < most; head++) {
        const item = items.get(draft, idAt(head))!
        if (item.dueMs > timeMs) break
        taken.push(idOf(item.subject))
        items.delete(draft, idAt(head))
      }
      if (taken.length > 0) ends.set(draft, head === queue.tail ? undefined : { ...queue, head })
      return taken
    },
  }
}
