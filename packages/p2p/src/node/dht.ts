import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'

/** Our own DHT: records of other networks have no place in it. */
export const DHT_PROTOCOL = '/neurovoyance/kad/1.0.0'

/** The DHT service. Hosts that listen serve it, behind a NAT too: relays make them reachable. Clients only ask. */
export function dhtService({ client }: { client: boolean }) {
  return kadDHT({
    protocol: DHT_PROTOCOL,
    // said outright, or it serves only while it has a public address
    clientMode: client,
    // private addresses stay: a hive may live on one machine or one LAN
    peerInfoMapper: passthroughMapper,
  })
}
