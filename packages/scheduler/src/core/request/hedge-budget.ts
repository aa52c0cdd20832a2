/** Hedges allowed: every request adds a fraction of one, each hedge takes one. */
export interface HedgeBudget {
  readonly tokens: number
  readonly perRequest: number
  readonly max: number
}

/** A budget that allows one hedge at once and then a share of `perRequest` of all requests; none for a share of 0. */
export const createHedgeBudget = (perRequest: number, max: number): HedgeBudget => ({
  tokens: perRequest > 0 ? 1 : 0,
  perRequest,
  max,
})

/** After a request came in. */
export const addRequest = (budget: HedgeBudget): HedgeBudget => ({
  ...budget,
  tokens: Math.min(budget.max, budget.tokens + budget.perRequest),
})

/** Whether a hedge may be sent. */
export const mayHedge = (budget: HedgeBudget): boolean => budget.tokens >= 1

/** After a hedge was sent. */
export const takeHedge = (budget: HedgeBudget): HedgeBudget => ({ ...budget, tokens: budget.tokens - 1 })
