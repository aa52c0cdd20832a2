export { commentedDefaults, parseConfig, readConfig, setConfig } from './file.js'
export { type Home, resolveHome } from './home.js'
export { lockHome, type Unlock } from './lock.js'
export type { Config, ConfigInput } from './schema.js'
