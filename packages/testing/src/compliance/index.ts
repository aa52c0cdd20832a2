/** Suites that every implementation of a port passes, as cases for any test runner. */
export {
  type BackendComplianceCase,
  type BackendComplianceInit,
  type BackendUnderTest,
  backendCompliance,
  type ModelUnderTest,
} from './backend.js'
export { ComplianceError } from './backend-assertions.js'
export {
  type StoreComplianceCase,
  type StoreComplianceInit,
  type StoredUnderTest,
  type StorePair,
  type StoreUnderTest,
  storeCompliance,
} from './store.js'
export {
  type TransportComplianceCase,
  type TransportComplianceInit,
  type TransportPair,
  type TransportUnderTest,
  transportCompliance,
} from './transport.js'
