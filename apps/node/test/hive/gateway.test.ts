import type { Hive, NodeProcess } from '@neurovoyance/testing/hive'
import { add, identity } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pythonWith } from '../python.js'
import { clientOf, hiveOf, saveModel, untilHosted } from './fixture.js'

const TRITON_SCRIPT = `
import sys, numpy as np, tritonclient.http as http
url, token, numbers, strings = sys.argv[1:]
headers = {"Authorization": "Bearer " + token}
client = http.InferenceServerClient(url=url, network_timeout=60)
assert client.is_server_live(headers=headers) and client.is_server_ready(headers=headers)
assert client.is_model_ready(numbers, headers=headers)
meta = client.get_model_metadata(numbers, headers=headers)
assert [i["name"] for i in meta["inputs"]] == ["a", "b"], meta
assert meta["inputs"][0]["datatype"] == "FP32" and meta["inputs"][0]["shape"] == [3], meta
def run(model, tensors, output, binary):
    inputs = []
    for name, datatype, array in tensors:
        each = http.InferInput(name, array.shape, datatype)
        each.set_data_from_numpy(array, binary_data=binary)
        inputs.append(each)
    asked = [http.InferRequestedOutput(output, binary_data=binary)]
    return client.infer(model, inputs, outputs=asked, headers=dict(headers), request_id="7").as_numpy(output)
a, b = np.array([1, 2, 3], np.float32), np.array([0.5, 0.25, -3], np.float32)
for binary in (True, False):
    np.testing.assert_array_equal(run(numbers, [("a", "FP32", a), ("b", "FP32", b)], "sum", binary), a + b)
text = np.array([["ä", "", "three"], ["4", "five", "six"]], dtype=object)
back = run(strings, [("x", "BYTES", text)], "y", True)
assert [[s.decode() for s in row] for row in back] == text.tolist(), back
try:
    run(numbers, [("a", "FP32", a)], "sum", True)
    raise SystemExit("an input was missing and nobody minded")
except http.InferenceServerException as error:
    assert "'b'" in str(error), error
print("ok")
`

describe('the HTTP gateway of a real node', () => {
  let hive: Hive
  let node: NodeProcess
  let numbers: string
  let strings: string

  beforeAll(async () => {
    hive = await hiveOf({ nodes: 1 })
    node = hive.nodes[0]!
    numbers = (await hive.addModel(await saveModel(add()))).model
    strings = (await hive.addModel(await saveModel(identity('string')))).model
    const client = await clientOf(hive)
    for (const model of [numbers, strings]) await untilHosted(client, model, 1)
    await client.close()
  })

  afterAll(() => hive?.stop())

  const get = (path: string, token = node.gateway.token) =>
    fetch(node.gateway.url + path, { headers: { authorization: `Bearer ${token}` } })

  it('answers health to everybody and the rest to who has the token', async () => {
    for (const path of ['/healthz', '/v2/health/live', '/v2/health/ready'])
      expect((await fetch(node.gateway.url + path)).status).toBe(200)
    expect((await get('/v2/models/x', 'wrong')).status).toBe(401)
    expect((await fetch(`${node.gateway.url}/metrics`)).status).toBe(401)
  })

  it('serves metrics that Prometheus reads', async () => {
    const response = await get('/metrics')
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toMatch(/^# TYPE neurovoyance_peers gauge$/m)
  })

  it('runs a model for plain JSON', async () => {
    const body = { inputs: ['a', 'b'].map(name => ({ name, shape: [3], datatype: 'FP32', data: [1, 2, 3] })) }
    const response = await fetch(`${node.gateway.url}/v2/models/${numbers}/infer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${node.gateway.token}` },
      body: JSON.stringify(body),
    })
    expect(await response.json()).toMatchObject({
      outputs: [{ name: 'sum', datatype: 'FP32', shape: [3], data: [2, 4, 6] }],
    })
    expect(response.headers.get('x-neurovoyance-node')).toBe(node.peerId)
  })

  it.each([
    ['an unknown model', '/v2/models/nobody-has-this', 404, 'CLIENT_MODEL_UNKNOWN'],
    ['a path that leads nowhere', '/v3/models', 404, 'NODE_BAD_REQUEST'],
  ])('says what is wrong with %s', async (_, path, status, code) => {
    const response = await get(path)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code, error: expect.any(String) })
  })

  it('serves tritonclient, JSON and binary, numbers and strings (skipped where Python or PyPI is absent)', async context => {
    const python = await pythonWith(['tritonclient[http]==2.73.0', 'numpy'])
    if (python === undefined) return context.skip('Python with tritonclient cannot be set up here')
    const { host } = new URL(node.gateway.url)
    expect(await python.run(TRITON_SCRIPT, [host, node.gateway.token, numbers, strings])).toBe('ok')
  }, 300_000)
})
