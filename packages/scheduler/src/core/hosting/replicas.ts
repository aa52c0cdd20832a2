import type { HostingSettings, ModelSurvey } from './hosting.js'

/** How many nodes should host a model: enough for its load, and a few of any that is called for or in use. */
export function wantedReplicas(survey: ModelSurvey, nodes: number, settings: HostingSettings): number {
  const hosts = survey.hosts.length
  const forLoad = Math.ceil((hosts * survey.utilisation) / settings.targetUtilisation)
  const forDemand = survey.unmetDemand > 0 || survey.inUse ? settings.minReplicas : 0
  // At most twice as many at a time: a queue that one slow moment made must not bring half the network in.
  return Math.min(nodes, Math.max(forDemand, Math.min(forLoad, hosts * 2)))
}
