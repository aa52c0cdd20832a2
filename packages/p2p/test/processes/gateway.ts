/**
 * A small Internet gateway (UPnP IGD:2) for tests, run on a router: answers SSDP, prints each mapping it is asked for
 * as a line of JSON, and makes it with nftables. Arguments: its address on the LAN, and its public one.
 */
import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'

const [lan, external] = process.argv.slice(2) as [string, string]
const PORT = 5000
const DEVICE = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2'
const SERVICE = 'urn:schemas-upnp-org:service:WANIPConnection:2'

const ssdp = createSocket({ type: 'udp4', reuseAddr: true })
ssdp.on('message', (message, from) => {
  if (!message.toString().startsWith('M-SEARCH') || !message.includes(DEVICE)) return
  const headers = [
    'HTTP/1.1 200 OK',
    'CACHE-CONTROL: max-age=1800',
    'EXT:',
    `LOCATION: http://${lan}:${PORT}/device.xml`,
    'SERVER: test UPnP/2.0 test/1.0',
    `ST: ${DEVICE}`,
    `USN: uuid:gateway::${DEVICE}`,
  ]
  ssdp.send(`${headers.join('\r\n')}\r\n\r\n`, from.port, from.address)
})
ssdp.bind(1900, () => ssdp.addMembership('239.255.255.250', lan))

const description = `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><device>
  <deviceType>${DEVICE}</deviceType><UDN>uuid:gateway</UDN>
  <serviceList><service>
    <serviceType>${SERVICE}</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
    <SCPDURL>/scpd.xml</SCPDURL><controlURL>/control</controlURL><eventSubURL>/events</eventSubURL>
  </service></serviceList>
</device></root>`

function forward(protocol: string, port: string, to: string): void {
  const nft = (...args: string[]): void => void execFileSync('nft', args)
  nft('add chain ip nat prerouting { type nat hook prerouting priority dstnat ; }')
  nft(`add rule ip nat prerouting iifname "eth0" ${protocol} dport ${port} dnat to ${to}`)
  nft('add rule ip filter forward ct status dnat accept')
}

function act(action: string, body: string): string {
  const field = (name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(body)?.[1] ?? ''
  if (action === 'GetExternalIPAddress') return `<NewExternalIPAddress>${external}</NewExternalIPAddress>`
  if (action !== 'AddAnyPortMapping') return ''
  const [port, client, protocol] = ['NewInternalPort', 'NewInternalClient', 'NewProtocol'].map(field) as [
    string,
    string,
    string,
  ]
  forward(protocol.toLowerCase(), port, `${client}:${port}`)
  const name = field('NewPortMappingDescription')
  process.stdout.write(`${JSON.stringify({ port: Number(port), client, protocol, name })}\n`)
  return `<NewReservedPort>${port}</NewReservedPort>`
}

createServer(async (request, response) => {
  response.setHeader('content-type', 'text/xml')
  if (request.method !== 'POST') return void response.end(description)
  const body = (await request.toArray()).join('')
  const action = /#(\w+)/.exec(String(request.headers.soapaction))?.[1] ?? ''
  const result = `<u:${action}Response xmlns:u="${SERVICE}">${act(action, body)}</u:${action}Response>`
  response.end(
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${result}</s:Body></s:Envelope>`,
  )
}).listen(PORT, lan, () => process.stdout.write(`${JSON.stringify({ ready: true })}\n`))
