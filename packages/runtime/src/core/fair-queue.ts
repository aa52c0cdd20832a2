/**
 * A bounded queue in fair order: start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996) in two levels,
 * clients first, then the models of a client. A flow that has taken less service goes first; whoever comes
 * back after a pause starts at the virtual time of now, so that nobody saves up.
 *
 * Start tags are given when a flow gets a head of line, not when a job arrives, so that a job's real cost
 * can be charged once it is known.
 */

/** What the queue knows of a job. */
export interface QueuedJob {
  readonly client: string
  readonly model: string
  /** Bytes held while it waits. */
  readonly bytes: number
  /** Expected cost in any unit, the same for all; greater than zero. */
  readonly cost: number
}

/** Limits of the queue; each counts jobs that wait, not those that run. */
export interface QueueLimits {
  readonly maxJobs: number
  readonly maxBytes: number
  readonly maxJobsPerClient: number
  readonly maxJobsPerModel: number
}

/** Why a job is not let in. */
export type QueueRefusal = keyof QueueLimits

interface Flow<Child> {
  /** Virtual time at which its next service starts. */
  start: number
  /** Jobs that wait in it. */
  waiting: number
  /** Jobs taken out of it whose cost is not settled yet. */
  running: number
  readonly child: Child
}

type ModelFlow<Job> = Flow<Set<Job>>
interface Level<Child> {
  virtualTime: number
  readonly flows: Map<string, Flow<Child>>
}
type ClientFlow<Job> = Flow<Level<Set<Job>>>

/** The queue; made by {@link createFairQueue}. */
export interface FairQueue<Job extends QueuedJob> {
  readonly limits: QueueLimits
  readonly clients: Level<Level<Set<Job>>>
  readonly jobsByModel: Map<string, number>
  jobs: number
  bytes: number
}

/** An empty queue. */
export function createFairQueue<Job extends QueuedJob>(limits: QueueLimits): FairQueue<Job> {
  return { limits, clients: createLevel(), jobsByModel: new Map(), jobs: 0, bytes: 0 }
}

/** Lets a job in, or names the limit that keeps it out. */
export function enqueue<Job extends QueuedJob>(queue: FairQueue<Job>, job: Job): QueueRefusal | undefined {
  const { limits } = queue
  const client = queue.clients.flows.get(job.client)
  const ofModel = queue.jobsByModel.get(job.model) ?? 0
  if (queue.jobs >= limits.maxJobs) return 'maxJobs'
  if (queue.bytes + job.bytes > limits.maxBytes) return 'maxBytes'
  if ((client?.waiting ?? 0) >= limits.maxJobsPerClient) return 'maxJobsPerClient'
  if (ofModel >= limits.maxJobsPerModel) return 'maxJobsPerModel'

  const clientFlow = join(queue.clients, job.client, createLevel<Set<Job>>)
  const modelFlow = join(clientFlow.child, job.model, () => new Set<Job>())
  modelFlow.child.add(job)
  clientFlow.waiting++
  modelFlow.waiting++
  queue.jobs++
  queue.bytes += job.bytes
  queue.jobsByModel.set(job.model, ofModel + 1)
  return undefined
}

/** The job whose turn it is; it stays. */
export function peek<Job extends QueuedJob>(queue: FairQueue<Job>): Job | undefined {
  const client = earliest(queue.clients)
  return client && earliest(client.child)?.child.values().next().value
}

/** Takes out the job whose turn it is; give its cost back to {@link settle} when it has run. */
export function dequeue<Job extends QueuedJob>(queue: FairQueue<Job>): Job | undefined {
  const client = earliest(queue.clients)
  if (client === undefined) return undefined
  const model = earliest(client.child)!
  const job = model.child.values().next().value!
  queue.clients.virtualTime = Math.max(queue.clients.virtualTime, client.start)
  client.child.virtualTime = Math.max(client.child.virtualTime, model.start)
  for (const flow of [client, model]) {
    flow.start += job.cost
    flow.running++
  }
  takeOut(queue, client, model, job)
  return job
}

/** Takes out a job that waits, wherever it stands; `false` where it does not wait. */
export function withdraw<Job extends QueuedJob>(queue: FairQueue<Job>, job: Job): boolean {
  const client = queue.clients.flows.get(job.client)
  const model = client?.child.flows.get(job.model)
  if (client === undefined || model === undefined || !model.child.has(job)) return false
  takeOut(queue, client, model, job)
  forgetIdle(queue, client)
  return true
}

/** Charges what a job really cost, after it ran, and forgets flows that owe nothing. */
export function settle<Job extends QueuedJob>(queue: FairQueue<Job>, job: Job, cost: number): void {
  const client = queue.clients.flows.get(job.client)!
  const model = client.child.flows.get(job.model)!
  for (const flow of [client, model]) {
    flow.start += cost - job.cost
    flow.running--
  }
  forgetIdle(queue, client)
}

function createLevel<Child>(): Level<Child> {
  return { virtualTime: 0, flows: new Map() }
}

function join<Child>(level: Level<Child>, key: string, createChild: () => Child): Flow<Child> {
  let flow = level.flows.get(key)
  if (flow === undefined) {
    flow = { start: level.virtualTime, waiting: 0, running: 0, child: createChild() }
    level.flows.set(key, flow)
  } else if (flow.waiting === 0) {
    flow.start = Math.max(flow.start, level.virtualTime)
  }
  return flow
}

function earliest<Child>(level: Level<Child>): Flow<Child> | undefined {
  let first: Flow<Child> | undefined
  for (const flow of level.flows.values()) {
    if (flow.waiting > 0 && (first === undefined || flow.start < first.start)) first = flow
  }
  return first
}

function takeOut<Job extends QueuedJob>(
  queue: FairQueue<Job>,
  client: ClientFlow<Job>,
  model: ModelFlow<Job>,
  job: Job,
): void {
  model.child.delete(job)
  client.waiting--
  model.waiting--
  queue.jobs--
  queue.bytes -= job.bytes
  const ofModel = queue.jobsByModel.get(job.model)! - 1
  if (ofModel === 0) queue.jobsByModel.delete(job.model)
  else queue.jobsByModel.set(job.model, ofModel)
}

/** Flows are kept while they owe service to others that wait; without a backlog there is nobody to owe to. */
function forgetIdle<Job extends QueuedJob>(queue: FairQueue<Job>, client: ClientFlow<Job>): void {
  sweep(client.child, client.waiting)
  sweep(queue.clients, queue.jobs)
}

function sweep(level: Level<unknown>, backlog: number): void {
  for (const [key, flow] of level.flows) {
    const idle = flow.waiting === 0 && flow.running === 0
    if (idle && (backlog === 0 || flow.start <= level.virtualTime)) level.flows.delete(key)
  }
}
