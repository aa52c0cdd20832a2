// Makes a wallet, waits for coins, and pays from it:  main.ts <genesis file> <bootstrap address…>
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@neurovoyance/client'
import { createWalletClient, openChainReader, readAccount, readSupply } from '@neurovoyance/client/chain'
import { createPhrase, walletFromPhrase } from '@neurovoyance/client/wallet'
import { formatAmount, parseAmount } from '@neurovoyance/protocol'

const [genesisFile, ...bootstrap] = process.argv.slice(2)
const genesis = JSON.parse(await readFile(genesisFile!, 'utf8'))

// Whoever has the phrase has the coins: write it down. One phrase makes as many accounts as one wants.
const phrase = createPhrase()
const wallet = await walletFromPhrase(phrase)
const savings = await walletFromPhrase(phrase, { account: 1 })
console.log(`my address is ${wallet.address}`)

await using client = await createClient({ bootstrap })
// No node is believed: headers are checked by the validators of the genesis, values by proofs under those headers.
await using chain = await openChainReader({ host: client.host, genesis })
const account = createWalletClient({ access: chain, wallet })

let balance = await account.balance()
for (; balance.balances.liquid === 0n; balance = await account.balance()) await pause(200)
console.log(`I have ${formatAmount(balance.total)} NVY`)

const payment = await account.transfer(savings.address, parseAmount('1.25'), { memo: 'for later' })
const { height, fee } = await payment.settled()
console.log(`paid in block ${height} for a fee of ${formatAmount(fee)} NVY`)

const [mine, saved, supply] = await Promise.all([
  account.balance(),
  readAccount(chain, savings.address),
  readSupply(chain),
])
console.log(`proven: ${formatAmount(mine.total)} NVY here, ${formatAmount(saved.total)} NVY saved`)
console.log(`of ${formatAmount(supply.total)} NVY in all; checked up to block ${chain.trusted.height}`)
