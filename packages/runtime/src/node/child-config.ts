import type { NodeProvider } from './node-backend.js'

/** What a child process is started with: one JSON argument. */
export interface ChildConfig {
  readonly providers: readonly NodeProvider[]
  readonly threads: number
  /** Resident bytes above which the child ends itself. */
  readonly memoryLimitBytes: number
  /** The process it must not outlive. */
  readonly parentPid: number
}

/** The pipe to the parent. */
export const CHANNEL_FD = 3

/** A line on the child's standard error that tells the parent why it is gone. */
export const OUT_OF_MEMORY_NOTE = 'neurovoyance: over the memory limit'

/** The variables of the parent's environment that a child gets: what libraries are found by, no secrets. */
export const PASSED_ENVIRONMENT = [
  'PATH',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'CUDA_PATH',
  'CUDA_VISIBLE_DEVICES',
  'VK_ICD_FILENAMES',
  'VK_DRIVER_FILES',
  'XDG_RUNTIME_DIR',
  'SystemRoot',
  'windir',
  'TEMP',
  'TMP',
  'TMPDIR',
]
