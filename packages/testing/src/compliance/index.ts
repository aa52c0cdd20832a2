/** Suites that every implementation of a port passes, as cases for any test runner. */
export {
  type BackendComplianceCase,
  type BackendComplianceInit,
  type BackendUnderTest,
  backendCompliance,
  type ModelUnderTest,
} from './backend.js'
export { ComplianceError } from './backend-assertions.js'
