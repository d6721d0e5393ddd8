import { describe, expect, test } from 'bun:test'
import { clientAddressBehind, networkOf } from './client-address.ts'

const ask = (forwardedFor?: string) =>
  new Request('http://localhost/', forwardedFor ? { headers: { 'x-forwarded-for': forwardedFor } } : {})

describe('clientAddressBehind()', () => {
  test.each([
    ['no proxy is known', [], '203.0.113.9', '198.51.100.7', '203.0.113.9'],
    ['the peer is no proxy of ours', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.7', '203.0.113.9'],
    ['the peer is one', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.7', '198.51.100.7'],
    ['the client invented hops', ['10.0.0.0/8'], '10.1.2.3', '1.1.1.1, 198.51.100.7', '198.51.100.7'],
    [
      'two of ours are in a row',
      ['10.0.0.0/8'],
      '10.1.2.3',
      '1.1.1.1, 198.51.100.7, 10.9.9.9',
      '198.51.100.7',
    ],
    ['the header is missing', ['10.0.0.0/8'], '10.1.2.3', undefined, '10.1.2.3'],
    ['the last hop is nonsense', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.7, unknown', '10.1.2.3'],
    ['a port is given', ['127.0.0.1'], '127.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
    ['an IPv6 port is given', ['127.0.0.1'], '127.0.0.1', '[2001:db8::7]:4711', '2001:db8::7'],
    ['the peer is IPv4 written as IPv6', ['127.0.0.1'], '::ffff:127.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['the proxy is in an IPv6 network', ['fd00::/8'], 'fd12::1', '2001:db8::7', '2001:db8::7'],
  ])('when %s', (_, proxies, peer, forwardedFor, address) => {
    expect(clientAddressBehind(proxies)(ask(forwardedFor), peer)).toBe(address)
  })

  test.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/x', '', '*'])('refuses to trust %p', (proxy) => {
    expect(() => clientAddressBehind([proxy])).toThrow('must be an IP address or a network')
  })
})

describe('networkOf()', () => {
  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('of %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
