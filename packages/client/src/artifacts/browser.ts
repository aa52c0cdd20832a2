import { ClientError } from '../errors.js'
import type { ArtifactsOpener } from './port.js'

/** A browser tab holds no models for others. */
export const openArtifacts: ArtifactsOpener = async () => {
  throw new ClientError('CLIENT_UNSUPPORTED', 'a browser cannot add models: use Node, or nv models add')
}
