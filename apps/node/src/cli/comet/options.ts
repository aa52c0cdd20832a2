/** Options of `nv comet serve`. */
export interface ServeOptions {
  genesis: string
  listen: string
  snapshots?: number
  keep?: number
}
