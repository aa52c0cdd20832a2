import { describe, expect, expectTypeOf, it } from 'vitest'
import { createNode } from '../src/node.js'
import type { ServiceFactory } from '../src/service.js'

interface Greeter {
  greet(): string
}

const greeter: ServiceFactory<object, Greeter> = () => ({ greet: () => 'hello' })
const shouter: ServiceFactory<{ greeter: Greeter }, Greeter> = ({ greeter }) => ({
  greet: () => `${greeter.greet()}!`,
})

describe('createNode', () => {
  it('gives each service the ones it needs', async () => {
    const node = await createNode({ services: { greeter, shouter } })
    expect(node.services.shouter.greet()).toBe('hello!')
    expectTypeOf(node.services.shouter).toEqualTypeOf<Greeter>()
    await node.close()
  })

  it('closes services in reverse, once, and goes on when one fails to', async () => {
    const closed: string[] = []
    const closing =
      (name: string, fail = false) =>
      () => ({
        close() {
          closed.push(name)
          if (fail) throw new Error('stuck')
        },
      })
    const node = await createNode({ services: { a: closing('a'), b: closing('b', true), c: closing('c') } })
    await Promise.all([node.close(), node.close()])
    expect(closed).toEqual(['c', 'b', 'a'])
  })

  it('closes what has started when a later service fails', async () => {
    const closed: string[] = []
    const failing: ServiceFactory<object, object> = () => Promise.reject(new Error('no disk'))
    const services = { a: () => ({ close: () => void closed.push('a') }), failing }
    await expect(createNode({ services })).rejects.toThrow('no disk')
    expect(closed).toEqual(['a'])
  })

  it('names a service that is used before it has started', async () => {
    await expect(
      createNode({ services: { shouter, greeter } }).then(node => node.services.shouter.greet()),
    ).rejects.toMatchObject({
      code: 'NODE_SERVICE_ORDER',
      details: { service: 'greeter' },
    })
  })

  it('refuses at compile time a node that lacks a service', () => {
    // @ts-expect-error shouter needs a greeter
    const lacking = () => createNode({ services: { shouter } })
    expect(lacking).toBeTypeOf('function')
  })
})
