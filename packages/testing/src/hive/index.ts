export { type AddedModel, addModel, type ModelOrigin } from './add-model.js'
export { type Hive, type HiveInit, startHive } from './hive.js'
export { type NodeProcess, type NodeProcessInit, startNode } from './process.js'
