/** A process that tries to take each lock it is sent, and answers `taken` or the error's code. */
import { registerHooks } from 'node:module'

const OURS = new URL('../../', import.meta.url).href

// Node strips types, and this finds the sources by the names of what is built from them.
registerHooks({
  resolve(specifier, context, next) {
    const source = specifier.startsWith('.') && context.parentURL?.startsWith(OURS)
    return next(source ? specifier.replace(/\.js$/, '.ts') : specifier, context)
  },
})
const { lockHome } = await import('../../src/config/lock.js')

process.on('message', (lock: string) => {
  lockHome(lock).then(
    () => process.send!('taken'),
    (error: { code: string }) => process.send!(error.code),
  )
})
process.send!('ready')
