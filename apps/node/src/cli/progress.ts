import { formatBytes } from './format.js'

/** How far something has come. */
export interface ProgressStep {
  readonly label: string
  readonly done: number
  /** 0 where nobody knows yet how much there is. */
  readonly total: number
  /** `bytes` shows sizes; `count` shows numbers. */
  readonly unit: 'bytes' | 'count'
}

/** What progress is written to. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { write(text: string): unknown }

const BAR_WIDTH = 24

/** Shows how far something has come: a bar on a terminal, a line at each tenth elsewhere; `undefined` ends it. */
export function progressBar(stream: ProgressStream): (step: ProgressStep | undefined) => void {
  let shown = ''
  return step => {
    if (step === undefined) {
      if (stream.isTTY && shown !== '') stream.write('\r\x1b[K')
      shown = ''
      return
    }
    const share = step.total > 0 ? Math.min(1, step.done / step.total) : 0
    const text = step.total > 0 ? `${Math.floor(share * 100)}% (${amount(step)})` : '…'
    if (stream.isTTY) {
      const filled = Math.round(share * BAR_WIDTH)
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
      // What runs over the edge would not be wiped by the next.
      shown = `${step.label} ${bar} ${text}`.slice(0, stream.columns - 1)
      stream.write(`\r\x1b[K${shown}`)
      return
    }
    const tenth = `${step.label} ${step.total > 0 ? Math.floor(share * 10) : '…'}`
    if (tenth !== shown) stream.write(`${step.label} ${text}\n`)
    shown = tenth
  }
}

function amount({ done, total, unit }: ProgressStep): string {
  return unit === 'bytes' ? `${formatBytes(done)} of ${formatBytes(total)}` : `${done} of ${total}`
}
