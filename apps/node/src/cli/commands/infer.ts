import type { Tensor, TensorMap } from '@neurovoyance/protocol'
import { Command } from 'commander'
import { NodeError } from '../../errors.js'
import { readTensor } from '../../files/read-tensor.js'
import { tensorToJson, writeTensor } from '../../files/write-tensor.js'
import type { TensorDescription } from '../../gateway/ports.js'
import { contextOf } from '../context.js'
import { findGateway } from '../find-gateway.js'
import { describeTensor, shortId } from '../format.js'
import { collect, integerOption, numbersOption } from '../options.js'
import { temporaryClient } from '../temporary-client.js'

interface InferOptions {
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
    .addHelpText(
      'after',
      `
Examples:
  nv infer my-model --input x=input.npy --output y=output.npy
  nv infer resnet --input image=cat.png --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --json
  nv infer bafybei… --input x=x.json --bootstrap /ip4/203.0.113.7/tcp/4100/p2p/12D3Koo…

With one input, its name may be left out: --input cat.png`,
    )
    .action(async (model: string, options: InferOptions, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const gateway = options.bootstrap === undefined ? await findGateway(home) : undefined
      await using runner =
        gateway === undefined
          ? await temporaryClient(home, options.bootstrap ?? [], signal)
          : { ...gateway, [Symbol.asyncDispose]: async () => {} }
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
        ].join('\n'),
      )
    })
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
