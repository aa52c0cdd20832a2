export * from '../consensus/index.js'
export { nativeVerifier } from '../crypto/native-verify.js'
export * from '../store/index.js'
