/**
 * The trials that nodes we have never measured are allowed. Every choice refills a little; a trial that goes
 * as predicted pays itself back twice, one that disappoints is lost. So honest newcomers are let in at
 * a doubling rate, while any number of liars together gets a small share of the requests.
 */
export interface NewcomerCredit {
  readonly credit: number
  readonly max: number
  readonly refill: number
}

/** A full credit. */
export const createNewcomerCredit = (max: number, refill: number): NewcomerCredit => ({
  credit: max,
  max,
  refill,
})

const move = (state: NewcomerCredit, by: number): NewcomerCredit => ({
  ...state,
  credit: Math.min(state.max, Math.max(0, state.credit + by)),
})

/** After a choice was made. */
export const refillCredit = (state: NewcomerCredit): NewcomerCredit => move(state, state.refill)

/** After a newcomer was chosen although a proven node was there. */
export const spendCredit = (state: NewcomerCredit): NewcomerCredit => move(state, -1)

/** After a newcomer did what was predicted of it. */
export const earnCredit = (state: NewcomerCredit): NewcomerCredit => move(state, 2)

/** Whether a newcomer may be tried. */
export const hasCredit = (state: NewcomerCredit): boolean => state.credit >= 1
