export {
  type CoherentBlock,
  coherent,
  isExpired,
  type LightRules,
  verifyBlock,
} from '../core/light/verify.js'
export { createLightClient, type LightClient, type LightClientInit, type LightProvider } from './client.js'
