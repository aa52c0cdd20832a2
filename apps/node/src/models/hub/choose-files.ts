import { NodeError } from '../../errors.js'
import { isCompanion } from '../companions.js'
import type { HubFile } from './listing.js'

/** Where models of the hub are, the whole ones before the smaller. */
const PREFERRED = ['onnx/model.onnx', 'model.onnx', 'onnx/model_quantized.onnx']

/** The files that make a bundle: what describes the model, one .onnx, and its external data. */
export function chooseFiles(
  files: readonly HubFile[],
  { repository, file }: { repository: string; file?: string | undefined },
): HubFile[] {
  const graphs = files.filter(({ path }) => path.endsWith('.onnx'))
  const wanted =
    file ??
    PREFERRED.find(path => graphs.some(graph => graph.path === path)) ??
    (graphs.length === 1 ? graphs[0]!.path : undefined)
  const graph = graphs.find(({ path }) => path === wanted)
  if (graph === undefined) {
    const choice =
      graphs.length === 0
        ? 'It has no .onnx file.'
        : `Choose one with --file: ${graphs.map(({ path }) => path).join(', ')}.`
    throw new NodeError(
      'NODE_HUB_NOT_FOUND',
      `${repository} has no ${file ?? 'single .onnx file to take'}. ${choice}`,
      { details: { repository, files: graphs.map(({ path }) => path) } },
    )
  }
  const described = files.filter(each => isCompanion(each, [graph.path]))
  const data = files.filter(
    ({ path }) => path.startsWith(`${graph.path}_data`) || path === `${graph.path}.data`,
  )
  return [...described, graph, ...data]
}
