export type { Namespace, SpawnInNamespaceOptions } from './namespace.js'
export { createNatRig, type NatRig } from './rig.js'
export { natRigUnavailable } from './unavailable.js'
