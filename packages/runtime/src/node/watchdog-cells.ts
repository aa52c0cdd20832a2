/** Cells of the memory that a child's main thread and its watchdog share. */
export const WATCHDOG_CELLS = { starts: 0, busy: 1, asleep: 2, count: 3 } as const
