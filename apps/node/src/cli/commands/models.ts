import { Command } from 'commander'
import { NodeError } from '../../errors.js'
import type { ModelListing } from '../../gateway/ports.js'
import type { AddedModel, ModelProgress } from '../../models/model-store.js'
import { parseModelSource } from '../../models/sources.js'
import { contextOf } from '../context.js'
import { requireGateway } from '../find-gateway.js'
import { describeTensor, formatBytes, shortId, table } from '../format.js'
import { collect } from '../options.js'
import type { Output } from '../output.js'

/** Paths named to a person; `--json` has all. */
const PATHS_SHOWN = 20

/** `nv models add|list|show|remove` */
export function modelsCommand(signal: AbortSignal): Command {
  const models = new Command('models').description('Models on this node and on the network.')
  models
    .command('add <source>')
    .description('Host a model: a folder, an .onnx file, a CID, or owner/name on Hugging Face.')
    .option('--name <name>', 'name to show; the folder’s when left out; not with a CID')
    .option('--file <path>', 'the .onnx file to take from a hub repository')
    .option('--revision <name>', 'branch, tag or commit of a hub repository')
    .option(
      '--include <path>',
      'publish this file or folder of the model’s folder too; may be repeated',
      collect,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  nv models add ./resnet\n  nv models add bafybei…\n  nv models add onnx-community/SmolLM2-135M-Instruct-ONNX --file onnx/model_q4.onnx\n\nOf a folder, the .onnx files and their external data are published, with the configuration, tokenizer, labels, model\ncard and license beside them; the answer says which, and what was left out. Hidden files are never published.\n\nA command that is interrupted goes on where it stopped when it is run again.',
    )
    .action(
      async (
        text: string,
        options: { name?: string; file?: string; revision?: string; include?: string[] },
        command: Command,
      ) => {
        const { home, output } = contextOf(command, signal)
        const source = await parseModelSource(text, options)
        const gateway = await requireGateway(home)
        const added = await gateway.addModel(source, progress => showProgress(output, progress))
        output.answer(added, () =>
          [`${added.name}  ${added.model}  ${formatBytes(added.bytes)}`, ...describeFiles(added)].join('\n'),
        )
      },
    )
  models
    .command('list')
    .description('Models that this node or its peers host.')
    .addHelpText('after', '\nExamples:\n  nv models list\n  nv models list --json | jq -r ".[].model"')
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const list = await (await requireGateway(home)).models()
      const rows = list.map(model => [
        model.name,
        model.model,
        formatBytes(model.bytes),
        model.local ? 'yes' : 'no',
        String(model.hosts.length),
      ])
      output.answer(list, () =>
        rows.length === 0
          ? 'No models yet. Add one with `nv models add`.'
          : table([['MODEL', 'CID', 'SIZE', 'HERE', 'HOSTS'], ...rows]),
      )
    })
  models
    .command('show <model>')
    .description('A model’s inputs, outputs and hosts, by name or CID.')
    .addHelpText('after', '\nExamples:\n  nv models show my-model\n  nv models show bafybei…/det')
    .action(async (name: string, _, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const gateway = await requireGateway(home)
      const described = await gateway.describe(name)
      const listing = findListing(await gateway.models(), name)
      const value = { ...listing, ...described }
      const side = (tensors: typeof described.inputs) =>
        tensors.map(tensor => `  ${describeTensor(tensor)}`).join('\n')
      const hosts =
        listing === undefined
          ? []
          : [
              `${listing.name}  ${listing.model}`,
              `hosts: ${listing.hosts.map(shortId).join(', ') || 'this node only'}`,
            ]
      output.answer(value, () =>
        [...hosts, 'inputs:', side(described.inputs), 'outputs:', side(described.outputs)].join('\n'),
      )
    })
  models
    .command('remove <model>')
    .description('Stop hosting a model and free its disk.')
    .addHelpText('after', '\nExamples:\n  nv models remove my-model\n  nv models remove bafybei…')
    .action(async (name: string, _, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const gateway = await requireGateway(home)
      const listing = findListing(await gateway.models(), name)
      if (listing === undefined || !listing.local) {
        throw new NodeError(
          'NODE_MODEL_UNKNOWN',
          `This node has no model '${name}'. 'nv models list' shows what it has.`,
          { details: { model: name } },
        )
      }
      await gateway.removeModel(listing.model)
      output.answer({ removed: listing.model }, () => `Removed ${listing.name} (${listing.model}).`)
    })
  return models
}

/** What of a folder was published, and what was not. */
function describeFiles({ published }: AddedModel): string[] {
  if (published === undefined) return []
  const { files, leftOut } = published
  const lines = [`published: ${some(files)}`]
  if (leftOut.length > 0) lines.push(`left out:  ${some(leftOut)}  (--include PATH publishes one too)`)
  return lines
}

function some(paths: readonly string[]): string {
  const rest = paths.length - PATHS_SHOWN
  return paths.slice(0, PATHS_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function findListing(list: readonly ModelListing[], name: string): ModelListing | undefined {
  const bundle = name.split('/', 1)[0]
  return list.find(({ model, name }) => model === bundle || name === bundle)
}

function showProgress(output: Output, { phase, doneBytes, totalBytes }: ModelProgress): void {
  output.progress({ label: phase, done: doneBytes, total: totalBytes, unit: 'bytes' })
}
