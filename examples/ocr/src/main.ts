/**
 * Reads pages of Moby-Dick on a hive, with a library that knows nothing of it.
 *
 *   pnpm start --bootstrap /ip4/127.0.0.1/tcp/4001/p2p/12D3Koo…   on a hive of yours (`nv hive up` prints addresses)
 *   pnpm start                                                    on a hive of three nodes, started for this
 *   pnpm check                                                    and compare with reading on this machine alone
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createClient } from '@neurovoyance/client'
import { sessionClass } from '@neurovoyance/client/session'
import { startHive } from '@neurovoyance/testing/hive'
import { InferenceSession as LocalSession } from 'onnxruntime-node'
import { annotate, createReader, ocrModels, type PagePng, type Reader, renderPages } from './index.js'

// With --check this process runs models itself; ONNX Runtime would tell its makers of it.
process.env.ORT_DISABLE_TELEMETRY = '1'

const { values: options } = parseArgs({
  options: {
    bootstrap: { type: 'string', multiple: true },
    pages: { type: 'string', default: '3' },
    out: { type: 'string', default: 'out' },
    check: { type: 'boolean', default: false },
  },
})

const nv = fileURLToPath(new URL('bin/nv.js', import.meta.resolve('@neurovoyance/node/package.json')))
const hive = options.bootstrap === undefined ? await startHive({ nv, nodes: 3 }) : undefined
try {
  await using client = await createClient({ bootstrap: options.bootstrap ?? hive?.bootstrap ?? [] })

  const { model } = await client.models.add(dirname(ocrModels.detectionPath), {
    name: 'pp-ocr',
    deadlineMs: 120_000,
    onProgress: ({ phase }) => console.error(phase),
  })
  const runsByNode = new Map<string, number>()
  const InferenceSession = sessionClass(client, {
    resolve: path => `${model}/${basename(path)}`,
    onRun: ({ node }) => runsByNode.set(node, (runsByNode.get(node) ?? 0) + 1),
  })

  const pages = await renderPages({ pages: Number(options.pages) })
  const text = await readAll(await createReader({ InferenceSession }), pages, options.out)
  console.log(text)
  for (const [node, runs] of runsByNode) console.log(`${node} made ${runs} runs`)

  if (options.check) {
    const local = await readAll(await createReader({ InferenceSession: LocalSession }), pages)
    if (text !== local) throw new Error(`the hive read something else than this machine:\n${local}`)
    console.log('the same text as on this machine alone')
  }
} finally {
  await hive?.stop()
}

/** Reads pages side by side; writes each, with its boxes and text, into `folder`. */
async function readAll(reader: Reader, pages: readonly PagePng[], folder?: string): Promise<string> {
  const texts = await Promise.all(
    pages.map(async ({ name, png }) => {
      const { lines } = await reader.read(png)
      if (folder !== undefined) {
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, `${name}.png`), await annotate(png, lines))
      }
      return lines.map(line => line.text).join('\n')
    }),
  )
  return texts.join('\n\n')
}
