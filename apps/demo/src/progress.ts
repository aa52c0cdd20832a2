import type { WriteStream } from 'node:tty'

/** Tells a person what goes on, step by step. */
export interface Progress {
  /** Begins a step; the one before is over. */
  step(text: string): void
  /** How far the step has come: a terminal shows each change on the step's line, a file gets the last in one of its own. */
  detail(text: string): void
  /** Ends the last step. */
  done(): void
}

/** Where progress goes. */
export type ProgressStream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** Shows progress on a stream. */
export function showProgress(stream: ProgressStream): Progress {
  return stream.isTTY ? onTerminal(stream) : inFile(stream)
}

const DEFAULT_COLUMNS = 80
const CLEAR_LINE = '\r\x1b[2K'

function onTerminal(stream: ProgressStream): Progress {
  let line = ''
  const draw = (text: string) =>
    stream.write(`${CLEAR_LINE}${text.slice(0, (stream.columns ?? DEFAULT_COLUMNS) - 1)}`)
  const done = () => {
    if (line !== '') stream.write('\n')
    line = ''
  }
  return {
    step(text) {
      done()
      line = `· ${text}`
      draw(line)
    },
    detail: text => void draw(`${line}: ${text}`),
    done,
  }
}

function inFile(stream: ProgressStream): Progress {
  let detail = ''
  const done = () => {
    if (detail !== '') stream.write(`  ${detail}\n`)
    detail = ''
  }
  return {
    step(text) {
      done()
      stream.write(`· ${text}\n`)
    },
    detail(text) {
      detail = text
    },
    done,
  }
}
