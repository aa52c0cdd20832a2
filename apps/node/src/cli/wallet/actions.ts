export { claim, exit, sendCoins, stake, unstake } from './coins.js'
export { address, create, importPhrase } from './keys.js'
export { balance, history } from './look.js'
export { bind, unjailOwn, validate } from './roles.js'
