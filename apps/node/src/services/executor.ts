import { createExecutor, type Executor } from '@neurovoyance/runtime/node'
import type { Config } from '../config/schema.js'
import type { ServiceFactory } from '../service.js'

const MiB = 1024 * 1024

/** Runs models in supervised child processes. */
export function executor({ config }: { config: Config['runtime'] }): ServiceFactory<object, Executor> {
  return (_, { logger, clock }) =>
    createExecutor({
      ...(config.slots !== null && { slots: config.slots }),
      ...(config.threads !== null && { threads: config.threads }),
      ...(config.memoryMiB !== null && { memoryLimitBytes: config.memoryMiB * MiB }),
      providers: config.providers,
      logger,
      clock,
    })
}
