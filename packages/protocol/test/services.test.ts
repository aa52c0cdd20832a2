import { expect, expectTypeOf, it } from 'vitest'
import {
  ArtifactService,
  InferenceService,
  type InferRequest,
  type InferResponse,
  LIMITS,
  MarketService,
  MembershipService,
  NodeService,
  protocolId,
  type RequestOf,
  type ResponseOf,
} from '../src/index.js'

const services = [InferenceService, MarketService, ArtifactService, NodeService, MembershipService]

it('services have the protocol ids that the documentation names', () => {
  expect(services.map(protocolId)).toEqual([
    '/neurovoyance/inference/1.0.0',
    '/neurovoyance/market/1.0.0',
    '/neurovoyance/artifact/1.0.0',
    '/neurovoyance/node/1.0.0',
    '/neurovoyance/membership/1.0.0',
  ])
})

it('methods are called by their names and stay within what a frame can say', () => {
  for (const service of services) {
    for (const [name, method] of Object.entries(service.methods)) {
      expect(method.name).toBe(name)
      expect(name.length).toBeLessThanOrEqual(LIMITS.methodBytes)
      expect(method.maxAttachmentBytes).toBeLessThan(2 ** 32)
    }
  }
})

it('a service knows the types of its messages', () => {
  expectTypeOf<RequestOf<typeof InferenceService, 'Infer'>>().toEqualTypeOf<InferRequest>()
  expectTypeOf<ResponseOf<typeof InferenceService, 'Infer'>>().toEqualTypeOf<InferResponse>()
  expect(InferenceService.methods.Infer.kind).toBe('unary')
  expect(ArtifactService.methods.Read.kind).toBe('duplex')
})
