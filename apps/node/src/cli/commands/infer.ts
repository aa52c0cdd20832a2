import { formatAmount, type Tensor, type TensorMap } from '@neurovoyance/protocol'
import { Command } from 'commander'
import type { Home } from '../../config/home.js'
import { NodeError } from '../../errors.js'
import { readTensor } from '../../files/read-tensor.js'
import { tensorToJson, writeTensor } from '../../files/write-tensor.js'
import type { TensorDescription } from '../../gateway/ports.js'
import { contextOf } from '../context.js'
import { findGateway } from '../find-gateway.js'
import { describeTensor, shortId } from '../format.js'
import type { PayingOptions } from '../infer/paying-client.js'
import { freeClient, joiningFrom, type Paid, type Runner } from '../infer/runner.js'
import { amountOption, collect, integerOption, numbersOption } from '../options.js'

interface InferOptions extends Partial<PayingOptions> {
  input?: string[]
  output?: string[]
  bootstrap?: string[]
  deadline: number
  mean?: number[]
  std?: number[]
}

/** `nv infer MODEL --input name=FILE --output name=FILE` */
export function inferCommand(signal: AbortSignal): Command {
  return new Command('infer')
    .description('Run a model on the network.')
    .argument('<model>', 'name or CID; CID/NAME for one graph of several')
    .option(
      '-i, --input <name=file>',
      'an input: .npy, .json, .png, .jpg, .webp, .wav; may be repeated',
      collect,
    )
    .option(
      '-o, --output <name=file>',
      'write an output to .npy or .json; may be repeated; all are printed when left out',
      collect,
    )
    .option(
      '-b, --bootstrap <multiaddr>',
      'ask the network through this node, and not the node that runs here; may be repeated',
      collect,
    )
    .option('--deadline <ms>', 'milliseconds until it must be done', integerOption(1, 3_600_000), 60_000)
    .option('--mean <numbers>', 'subtracted from each channel of a picture scaled to 0…1', numbersOption)
    .option('--std <numbers>', 'divides each channel of a picture after that', numbersOption)
    .option(
      '--budget <nvy>',
      'pay nodes that ask a price: at most so much in all, over all calls, with what is put aside and fees',
      amountOption,
    )
    .option('--max-price <nvy>', 'the most that this run may cost; the budget when left out', amountOption)
    .option('--wallet <name>', 'wallet that pays: a name in this home, or its file; default: default')
    .option(
      '--passphrase-file <file>',
      'file with its passphrase (NEUROVOYANCE_WALLET_PASSPHRASE, else you are asked)',
    )
    .option('--genesis <file>', 'genesis of the chain that is paid on; the one of the settings when left out')
    .option('--settle', 'close the channels afterwards: what is left in them comes back')
    .addHelpText(
      'after',
      `
Examples:
  nv infer my-model --input x=input.npy --output y=output.npy
  nv infer resnet --input image=cat.png --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --json
  nv infer bafybei… --input x=x.json --bootstrap /ip4/203.0.113.7/tcp/4100/p2p/12D3Koo…
  nv infer my-model --input x=input.npy --budget 1 --max-price 0.05

Payments go through channels, which stay open for the next call; --settle closes them.
With one input, its name may be left out: --input cat.png`,
    )
    .action(async (model: string, options: InferOptions, command: Command) => {
      const { home, output } = contextOf(command, signal)
      await using runner = await openRunner(home, options, signal)
      const described = await runner.describe(model)
      const inputs = await readInputs(options, described.inputs)
      const wanted = pairs(options.output ?? [], described.outputs, 'output')
      const names = wanted.size > 0 ? [...wanted.keys()] : undefined
      const result = await runner.infer(model, inputs, {
        ...(names && { outputs: names }),
        deadlineMs: options.deadline,
      })
      for (const [name, path] of wanted) await writeTensor(path, result.outputs[name]!)
      const shown = wanted.size > 0 ? {} : result.outputs
      const value = {
        node: result.node,
        latencyMs: result.latencyMs,
        ...(result.paid && { paid: paidJson(result.paid) }),
        outputs: Object.fromEntries(
          Object.entries(shown).map(([name, tensor]) => [name, tensorToJson(tensor)]),
        ),
        files: Object.fromEntries(wanted),
      }
      output.answer(value, () =>
        [
          ...Object.entries(shown).map(([name, tensor]) => preview(name, tensor)),
          ...[...wanted].map(([name, path]) => `${name} → ${path}`),
          `by ${shortId(result.node)} in ${result.latencyMs.toFixed(1)} ms`,
          ...(result.paid ? [describePaid(result.paid)] : []),
        ].join('\n'),
      )
    })
}

/** The node that runs here; a client of its own where none does, another network is named, or somebody is to be paid. */
async function openRunner(home: Home, options: InferOptions, signal: AbortSignal): Promise<Runner> {
  const { bootstrap = [], budget, wallet = 'default' } = options
  const gateway = bootstrap.length === 0 ? await findGateway(home) : undefined
  if (budget !== undefined) {
    if (budget === 0n) throw new NodeError('NODE_USAGE', '--budget is nothing: give an amount in NVY.')
    const { payingClient } = await import('../infer/paying-client.js')
    const joining = await joiningFrom(home, bootstrap, gateway, signal)
    return payingClient(home, joining, { ...options, budget, wallet })
  }
  const idle = (['maxPrice', 'wallet', 'passphraseFile', 'genesis', 'settle'] as const).find(
    name => options[name] !== undefined,
  )
  if (idle !== undefined) {
    const flag = idle.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    throw new NodeError('NODE_USAGE', `--${flag} is about payment: give --budget NVY with it.`)
  }
  if (gateway !== undefined) return { ...gateway, [Symbol.asyncDispose]: async () => {} }
  return freeClient(await joiningFrom(home, bootstrap, undefined, signal))
}

/** What was paid, in base units as decimal text. */
const paidJson = ({ amount, units, locked, fees, budget, closed, late }: Paid) => ({
  amount: String(amount),
  units: String(units),
  locked: String(locked),
  fees: String(fees),
  budget: String(budget),
  ...(closed !== undefined && { closed, late }),
})

function describePaid({ amount, units, locked, fees, budget, closed, late = 0 }: Paid): string {
  const [paid, aside, spent, of] = [amount, locked, fees, budget].map(formatAmount)
  const settled =
    closed === undefined
      ? ''
      : `; ${closed} ${closed === 1 ? 'channel' : 'channels'} closed${late > 0 ? `, ${late} of them after the grace time` : ''}`
  const run = amount === 0n ? 'free' : `paid ${paid} NVY for ${units} work units`
  return `${run}; ${aside} NVY in channels and ${spent} NVY of fees so far, of a budget of ${of} NVY${settled}`
}

async function readInputs(
  options: InferOptions,
  described: readonly TensorDescription[],
): Promise<TensorMap> {
  const files = pairs(options.input ?? [], described, 'input')
  const images = { ...(options.mean && { mean: options.mean }), ...(options.std && { std: options.std }) }
  const entries = [...files].map(async ([name, path]) => {
    const target = described.find(input => input.name === name)
    if (target === undefined) throw unknownName('input', name, described)
    return [name, await readTensor(path, target, images)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** `name=file` pairs; where the model has one tensor on that side, the name may be left out. */
function pairs(
  texts: readonly string[],
  described: readonly TensorDescription[],
  side: 'input' | 'output',
): Map<string, string> {
  const files = new Map<string, string>()
  for (const text of texts) {
    const known = described.find(({ name }) => text.startsWith(`${name}=`))
    if (known !== undefined) files.set(known.name, text.slice(known.name.length + 1))
    else if (described.length === 1 && !text.includes('=')) files.set(described[0]!.name, text)
    else throw unknownName(side, text.split('=', 1)[0]!, described)
  }
  return files
}

function unknownName(side: string, name: string, described: readonly TensorDescription[]): NodeError {
  const names = described.map(describeTensor).join(', ')
  return new NodeError('NODE_USAGE', `The model has no ${side} '${name}'. It has: ${names}.`, {
    details: { [side]: name },
  })
}

/** The first elements of a tensor, for a person. */
function preview(name: string, tensor: Tensor): string {
  const { data } = tensorToJson(tensor)
  const first = data
    .slice(0, 8)
    .map(value =>
      typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(6) : JSON.stringify(value),
    )
  return `${name}: ${tensor.type} [${tensor.dims.join(', ')}] ${first.join(' ')}${data.length > 8 ? ' …' : ''}`
}
