import { mergeConfig } from 'vitest/config'
import base from '../../vitest.base.ts'

/** Most tests here are hives of many processes, and each wants the machine for itself. */
export default mergeConfig(base, { test: { maxWorkers: 1 } })
