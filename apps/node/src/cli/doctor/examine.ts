import type { Home } from '../../config/home.js'
import { findGateway } from '../find-gateway.js'
import type { Finding } from './finding.js'
import { checkConfig, checkDisk, checkHome, checkKey } from './home.js'
import { checkMachine } from './machine.js'
import { checkNetwork } from './network.js'
import { checkPayments } from './payments.js'
import { checkPorts } from './ports.js'
import { checkRuntime } from './runtime.js'

/** Checks that a node can run here: machine, settings, home folder, key, disk, ports, runtime, network, payments. */
export async function* examine(home: Home): AsyncIterable<Finding> {
  yield checkMachine()
  const { finding, config } = await checkConfig(home)
  yield finding
  yield await checkHome(home)
  yield await checkKey(home)
  yield await checkDisk(home)
  const gateway = await findGateway(home)
  const running = await gateway?.status()
  if (running === undefined && config !== undefined) yield* checkPorts(config)
  if (config !== undefined) yield* checkRuntime(config.runtime, running?.runtime)
  yield* checkNetwork(running)
  yield* checkPayments(running)
}
