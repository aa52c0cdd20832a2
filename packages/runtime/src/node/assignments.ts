import type { Job } from './job.js'
import type { Slot } from './slot.js'

/** Which job is at which slot: the one that it does, and at most one that its child finds in the pipe when that is done. */
export interface Assignments {
  /** In the order in which they were added. */
  readonly slots: readonly Slot[]
  add(slot: Slot): void
  /** Where a job for a model goes now, if anywhere: a free child that has the model, the emptiest free one, or behind a run. */
  slotFor(model: string): Slot | undefined
  put(slot: Slot, job: Job): void
  /** Takes a job off its slot; gives the one that the child comes to next. */
  takeOff(slot: Slot, job: Job): Job | undefined
  /** Whether it is this job that the slot's child does. */
  isCurrent(slot: Slot, job: Job): boolean
  /** The slot whose child does a job. */
  slotDoing(job: Job): Slot | undefined
  isBusy(slot: Slot): boolean
  /** Jobs that wait in a pipe. */
  ahead(): number
}

/** No slots, no jobs. */
export function createAssignments(): Assignments {
  const slots: Slot[] = []
  const assigned = new Map<Slot, Job[]>()
  const jobsOf = (slot: Slot): Job[] => assigned.get(slot)!

  /** A child that finds its next run in the pipe does not sleep in between. */
  function hasRoomAhead(slot: Slot): boolean {
    const [current, ahead] = jobsOf(slot)
    return current?.startedMs !== undefined && !current.over && ahead === undefined
  }

  return {
    slots,
    add(slot) {
      slots.push(slot)
      assigned.set(slot, [])
    },
    slotFor(model) {
      const ready = slots.filter(slot => slot.ready)
      const free = ready.filter(slot => jobsOf(slot).length === 0)
      const holds = (slot: Slot) => slot.cache.bytesById.has(model)
      return free.find(holds) ?? emptiest(free) ?? ready.find(slot => holds(slot) && hasRoomAhead(slot))
    },
    put: (slot, job) => void jobsOf(slot).push(job),
    takeOff(slot, job) {
      const jobs = jobsOf(slot)
      jobs.splice(jobs.indexOf(job), 1)
      return jobs[0]
    },
    isCurrent: (slot, job) => jobsOf(slot)[0] === job,
    slotDoing: job => slots.find(slot => jobsOf(slot)[0] === job),
    isBusy: slot => jobsOf(slot).length > 0,
    ahead: () => slots.map(slot => jobsOf(slot)[1]).filter(next => next !== undefined && !next.over).length,
  }
}

function emptiest(slots: readonly Slot[]): Slot | undefined {
  return slots.toSorted((a, b) => a.cache.usedBytes - b.cache.usedBytes)[0]
}
