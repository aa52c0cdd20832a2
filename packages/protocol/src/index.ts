export * from './errors.js'
export * from './ports.js'
export * from './rpc/service.js'
export * from './tensor/tensor.js'
