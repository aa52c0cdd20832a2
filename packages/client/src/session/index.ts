/**
 * Sessions on the network in the shape of onnxruntime's `InferenceSession`.
 *
 * @module
 */
export { createSession, type SessionInit, type SessionRun } from './session.js'
export { type SessionClass, type SessionClassInit, sessionClass } from './session-class.js'
