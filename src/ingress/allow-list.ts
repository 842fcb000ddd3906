import { BlockList, isIPv4, isIPv6 } from 'node:net';

import type { DeliveryHeaders } from '../contracts/webhook.ts';

/** An IP address with the family that `BlockList` wants to be told. */
export interface IpAddress {
  /** An IPv4 address that came in IPv6's form (`::ffff:192.0.2.1`) stands in its own. */
  readonly text: string;
  readonly family: 'ipv4' | 'ipv6';
}

/** Tells whether an address is in one of a list's ranges; what is no address is in none. */
export type AddressList = (address: IpAddress | undefined) => boolean;

/** Finds the address from which a request was sent; `undefined` where nobody whom we trust says it. */
export type FindClient = (peer: string | undefined, headers: DeliveryHeaders) => IpAddress | undefined;

const MAPPED = /^(?:::ffff:|(?:0{1,4}:){5}ffff:)(?=\d+\.)/i;
const IN_BRACKETS = /^\[([^[\]]*)\](?::\d{1,5})?$/;
const WITH_PORT = /^([\d.]+):\d{1,5}$/;

/** A list of addresses and CIDR ranges, IPv4 and IPv6; the settings have checked their form. */
export function createAddressList(ranges: readonly string[]): AddressList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    const family = network.includes(':') ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return (address) => address !== undefined && list.check(address.text, address.family);
}

/**
 * Finds the client behind trusted proxies (CIDR ranges): the right-most address of `X-Forwarded-For` that is none of theirs,
 * over all of its lines. What stands left of it was written by the sender, and is not looked at. A peer that is no trusted proxy
 * is the client itself, whatever it forwards. Where a proxy names nobody, only proxies, or no address (`unknown`, an empty
 * element), the client is not known: a proxy is never taken for its client. Never throws.
 */
export function createFindClient(trustProxy: readonly string[]): FindClient {
  const isProxy = createAddressList(trustProxy);
  return (peer, headers) => {
    const direct = toIpAddress(peer ?? '');
    if (trustProxy.length === 0 || !isProxy(direct)) return direct;
    const hops = headers.all('x-forwarded-for').flatMap((line) => line.split(','));
    for (const hop of hops.reverse()) {
      const address = toIpAddress(hop.trim());
      if (!isProxy(address)) return address; // also where it is none: what stands left of garbage is not to be believed
    }
    return undefined;
  };
}

/** The address in a text, with or without a port, brackets or a zone; `undefined` where there is none. */
export function toIpAddress(text: string): IpAddress | undefined {
  const bare = (IN_BRACKETS.exec(text)?.[1] ?? WITH_PORT.exec(text)?.[1] ?? text).replace(MAPPED, '');
  if (isIPv4(bare)) return { text: bare, family: 'ipv4' };
  return isIPv6(bare) ? { text: bare.replace(/%.*$/, ''), family: 'ipv6' } : undefined;
}
