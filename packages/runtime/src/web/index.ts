/** Models in a browser, on WebAssembly or WebGPU. */
export { createWebBackend, type WebBackendInit, type WebProvider } from './web-backend.js'
