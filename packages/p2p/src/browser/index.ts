export { type BrowserHostInit, createBrowserHost } from './browser-host.js'
