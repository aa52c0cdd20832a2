import { expect, it } from 'vitest'
import { type ProgressStream, showProgress } from '../src/progress.js'

function told(stream: Partial<ProgressStream>): string {
  let text = ''
  const write = (chunk: unknown) => {
    text += chunk
    return true
  }
  const progress = showProgress({ write, ...stream })
  progress.step('Reading')
  progress.detail('1 line')
  progress.detail('2 lines')
  progress.step('Drawing')
  progress.done()
  return text
}

it('gives a file each step when it begins, and how it ended', () => {
  expect(told({})).toBe('· Reading\n  2 lines\n· Drawing\n')
})

it('writes a terminal’s line again, never longer than the terminal is wide', () => {
  const clear = '\r\x1b[2K'
  expect(told({ isTTY: true, columns: 14 })).toBe(
    `${clear}· Reading${clear}· Reading: 1 ${clear}· Reading: 2 \n${clear}· Drawing\n`,
  )
})
