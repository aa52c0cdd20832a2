import { availableParallelism, totalmem } from 'node:os'
import { formatBytes } from '../format.js'
import { type Finding, fine } from './finding.js'

const LEAST_NODE = 22

/** The machine, and whether its Node is new enough. */
export function checkMachine(): Finding {
  const { node } = process.versions
  const found = `Node ${node} on ${process.platform} ${process.arch}, ${availableParallelism()} processors, ${formatBytes(totalmem())}`
  if (Number(node.split('.')[0]) >= LEAST_NODE) return fine('machine', found)
  return { check: 'machine', verdict: 'fail', found, advice: `Install Node ${LEAST_NODE} or newer.` }
}
