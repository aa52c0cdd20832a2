import { InferenceSession } from 'onnxruntime-node'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { annotate, createReader, renderPages } from '../src/index.js'

/** Letters and digits alone: PP-OCR gives dashes and quotes in other forms, and may miss a comma. */
const letters = (text: string) => text.replace(/[^a-z0-9]/gi, '').toLowerCase()

const lastResorts = () =>
  ['uncaughtException', 'unhandledRejection'].map(event => process.listenerCount(event))
const atStart = lastResorts()

describe('createReader', { timeout: 60_000 }, () => {
  it('reads printed pages, line by line', async () => {
    const [page] = await renderPages({ pages: 1 })
    const reader = await createReader({ InferenceSession })
    const { lines } = await reader.read(page!.png)
    expect(lines).toHaveLength(page!.printed.length)
    const exact = lines.filter((line, index) => letters(line.text) === letters(page!.printed[index]!))
    expect(exact.length).toBeGreaterThanOrEqual(lines.length * 0.9)
    for (const [index, { score, box }] of lines.entries()) {
      expect(score).toBeGreaterThan(0.5)
      expect(box).toHaveLength(4)
      if (index > 0) expect(box[0]![1]).toBeGreaterThan(lines[index - 1]!.box[0]![1])
    }
    const picture = await sharp(await annotate(page!.png, lines)).metadata()
    expect([picture.width, picture.height]).toEqual([2 * page!.width, page!.height])
  })

  it('finds nothing on a blank page, in one band', async () => {
    const png = await sharp({ create: { width: 100, height: 70, channels: 3, background: 'white' } })
      .png()
      .toBuffer()
    const reader = await createReader({ InferenceSession })
    expect(await reader.read(png)).toEqual({ lines: [] })
  })

  it("leaves the process's last resorts alone", async () => {
    await createReader({ InferenceSession })
    expect(lastResorts()).toEqual(atStart)
  })

  it('keeps readers over different sessions apart', async () => {
    const opened: string[] = []
    const recording = (name: string) => ({
      create: async (path: string) => {
        opened.push(`${name} ${path.slice(-14)}`)
        return InferenceSession.create(path)
      },
    })
    const make = (name: string) => createReader({ InferenceSession: recording(name) })
    await Promise.all([make('first'), make('second')])
    expect(opened).toEqual([
      'first det_infer.onnx',
      'first rec_infer.onnx',
      'second det_infer.onnx',
      'second rec_infer.onnx',
    ])
  })
})
