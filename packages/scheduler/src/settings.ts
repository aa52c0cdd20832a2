import * as z from 'zod/mini'
import { SchedulerError } from './errors.js'

const numbers = z.record(z.string(), z.number().check(z.nonnegative()))

/**
 * A group of numeric settings: the defaults with the caller's changes, checked and frozen.
 *
 * @throws SchedulerError `SCHEDULER_BAD_ARGUMENT` for a name that is not among the defaults or a value that is
 *   not a finite number of at least 0
 */
export function settle<T extends object>(
  group: string,
  defaults: T,
  changes: Partial<T> | undefined,
): Readonly<T> {
  if (changes === undefined) return defaults
  const parsed = numbers.safeParse(changes)
  const stranger = Object.keys(changes).find(key => !Object.hasOwn(defaults, key))
  const culprit = stranger ?? parsed.error?.issues[0]?.path.join('.')
  if (culprit !== undefined) {
    const message = `${group}.${culprit} is not a setting with a number of at least 0.`
    throw new SchedulerError('SCHEDULER_BAD_ARGUMENT', message, {
      details: { setting: `${group}.${culprit}` },
    })
  }
  return Object.freeze({ ...defaults, ...changes })
}

/** The numeric settings that an init object carries beside other things, checked likewise. */
export function settleFrom<T extends object>(
  group: string,
  defaults: T,
  init: { readonly [K in keyof T]?: unknown },
): Readonly<T> {
  const given = Object.keys(defaults).filter(key => init[key as keyof T] !== undefined)
  return settle(
    group,
    defaults,
    Object.fromEntries(given.map(key => [key, init[key as keyof T]])) as Partial<T>,
  )
}
