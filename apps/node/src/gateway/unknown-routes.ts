import type { FastifyInstance } from 'fastify'

/**
 * Answers requests that no route is for: 405 with the methods that there are where the path is known, else 404. Routes
 * that are added before are not known to it.
 */
export function answerUnknown(server: FastifyInstance): void {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = []
  server.addHook('onRoute', ({ url, method }) => {
    routes.push({ path: pathOf(url), methods: [method].flat() })
  })
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!
    const allowed = [
      ...new Set(routes.filter(route => route.path.test(path)).flatMap(({ methods }) => methods)),
    ]
    if (allowed.length === 0) {
      return reply
        .status(404)
        .send({ error: `There is nothing at ${request.url}.`, code: 'NODE_BAD_REQUEST' })
    }
    const methods = allowed.sort().join(', ')
    return reply
      .status(405)
      .header('allow', methods)
      .send({
        error: `${request.method} does nothing at ${path}: it takes ${methods}.`,
        code: 'NODE_BAD_REQUEST',
      })
  })
}

/** A route's path, whose parts after a colon are any. */
const pathOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replace(/:[^/]+/g, '[^/]+')}$`,
  )
