import { NodeError } from '../../errors.js'

/** What is asked of a hub. */
export interface HubRequest {
  repository: string
  revision: string
  signal?: AbortSignal | undefined
}

/**
 * Gets something of a repository, with the token of `HF_TOKEN` where there is one.
 *
 * @throws NodeError `NODE_HUB_UNREACHABLE`, `NODE_HUB_NOT_FOUND`
 */
export async function getFromHub(
  url: string,
  { repository, revision, signal }: HubRequest,
  headers: Record<string, string> = {},
): Promise<Response> {
  const token = process.env.HF_TOKEN
  let response: Response
  try {
    response = await fetch(url, {
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new NodeError(
      'NODE_HUB_UNREACHABLE',
      `The hub at ${new URL(url).origin} cannot be reached. Check the connection, set HF_ENDPOINT to a mirror, or add the model from a folder or by its CID.`,
      { cause: error },
    )
  }
  if (response.ok) return response
  const missing = response.status === 404 || response.status === 401 || response.status === 403
  throw new NodeError(
    missing ? 'NODE_HUB_NOT_FOUND' : 'NODE_HUB_UNREACHABLE',
    missing
      ? `The hub has no '${repository}' at '${revision}' that may be read (HTTP ${response.status}). Check the name; for a private one set HF_TOKEN.`
      : `The hub answered HTTP ${response.status} for '${repository}'. Try again later: what has been downloaded is kept.`,
    { details: { repository, status: response.status } },
  )
}
