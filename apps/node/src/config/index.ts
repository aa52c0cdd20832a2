export { commentedDefaults, parseConfig, readConfig, setConfig } from './file.js'
export { type Home, resolveHome } from './home.js'
export type { Config, ConfigInput } from './schema.js'
