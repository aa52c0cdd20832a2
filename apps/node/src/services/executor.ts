import { createExecutor, type Executor, type ExecutorInit } from '@neurovoyance/runtime/node'
import type { Config } from '../config/schema.js'
import type { ServiceFactory } from '../service.js'

const MiB = 1024 * 1024

/** Runs models in supervised child processes. */
export function executor({ config }: { config: Config['runtime'] }): ServiceFactory<object, Executor> {
  return (_, { logger, clock }) => createExecutor({ ...executorInit(config), logger, clock })
}

/** The settings as an executor takes them. */
export function executorInit({ slots, threads, memoryMiB, providers }: Config['runtime']): ExecutorInit {
  return {
    ...(slots !== null && { slots }),
    ...(threads !== null && { threads }),
    ...(memoryMiB !== null && { memoryLimitBytes: memoryMiB * MiB }),
    providers,
  }
}
