import { destination, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino'
import type { Config } from './config/schema.js'

/** JSON lines on standard error; times in ISO 8601, errors with their code. Tokens and keys are cut out. */
export function createLogger(level: Config['log']['level']): PinoLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: ['token', '*.token', 'privateKey', '*.privateKey', 'swarmKey', '*.swarmKey'],
      serializers: { error: plainError },
    },
    destination({ fd: 2, sync: true }),
  )
}

function plainError(error: unknown): object {
  const { code, message, stack } = error as { code?: string; message?: string; stack?: string }
  return { code, message: message ?? String(error), ...(code === undefined && { stack }) }
}
