/** Options of `nv chain watch`. */
export interface WatchOptions {
  account?: string
  kind?: string
  after?: number
}
