import { BlockList, isIP } from 'node:net'

/*
 * The address a request comes from. A client can write anything into `X-Forwarded-For`; only what our own proxies add
 * to it can be trusted. So the header is read from its end, and only as far as every hop was one of ours.
 */

/** Finds the address of a client from the other end of the connection and the request's headers. */
export type ClientAddress = (request: Request, peer: string) => string

/** More proxies in a row than anybody has. */
const HOPS_MAX = 10

/**
 * Trusts `X-Forwarded-For` from the given proxies and from nobody else.
 * @throws {Error} when one of them is neither an address nor a network such as `10.0.0.0/8`.
 */
export function clientAddressBehind(proxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const proxy of proxies) trust(trusted, proxy)
  const isTrusted = (address: string) => {
    const version = isIP(address)
    return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }
  return (request, peer) => {
    let address = plain(peer)
    const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').reverse().slice(0, HOPS_MAX)
    for (const hop of hops) {
      const next = plain(hop)
      if (!isTrusted(address) || isIP(next) === 0) break
      address = next
    }
    return address
  }
}

function trust(trusted: BlockList, proxy: string): void {
  const [address = '', prefix] = proxy.split('/')
  const version = isIP(address)
  const bits = version === 6 ? 128 : 32
  const length = prefix === undefined ? bits : /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : bits + 1
  if (version === 0 || length > bits)
    throw new Error('Cannot trust a proxy: it must be an IP address or a network')
  trusted.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4')
}

/** An address without port and brackets; an IPv4 address mapped into IPv6 becomes plain IPv4. */
function plain(text: string): string {
  const address = text
    .trim()
    .replace(/^\[([^\]]*)\](:[0-9]+)?$/, '$1')
    .replace(/^([0-9.]+):[0-9]+$/, '$1')
  return /^::ffff:([0-9.]+)$/i.exec(address)?.[1] ?? address
}

/** The unit that counts as one client: an IPv4 address, or the /64 network that one owner of IPv6 addresses has. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const written = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)
  const [head = '', tail] = written.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
  return `${groups.slice(0, 4).join(':')}::/64`
}
