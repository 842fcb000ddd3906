import { BlockList, isIPv4, isIPv6 } from 'node:net';

const IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;

// BlockList sees through ::ffff:0:0/96 by itself, not through the other prefixes that carry an IPv4 address.
const IPV6 = [
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
] as const;

type Range = readonly [first: bigint, last: bigint];
type Family = 'ipv4' | 'ipv6';

/**
 * Every address that is not a public one (IANA special-purpose registries) but those of `allow`, as a block list for
 * outbound sockets. `allow` holds addresses and CIDR ranges; anything else in it is passed over.
 */
export function createBlockedAddresses(allow: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [subnets, family] of [
    [IPV4, 'ipv4'],
    [IPV6, 'ipv6'],
  ] as const) {
    const holes = allow.filter((entry) => familyOf(entry) === family).map(toRange);
    for (const range of subnets.map(toRange)) {
      for (const [first, last] of holes.reduce<readonly Range[]>((rest, hole) => rest.flatMap((part) => without(part, hole)), [range])) {
        list.addRange(toAddress(first, family), toAddress(last, family), family);
      }
    }
  }
  return list;
}

/** `ipv4` or `ipv6` for an address or a CIDR range of it. */
function familyOf(entry: string): Family | undefined {
  const [address = ''] = entry.split('/');
  return isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
}

function without([first, last]: Range, [from, to]: Range): readonly Range[] {
  if (to < first || from > last) return [[first, last]];
  return [
    [first, from - 1n],
    [to + 1n, last],
  ].filter((part): part is [bigint, bigint] => part[0] !== undefined && part[1] !== undefined && part[0] <= part[1]);
}

function toRange(cidr: string): Range {
  const [address = '', prefix] = cidr.split('/');
  const bits = isIPv4(address) ? 32 : 128;
  const size = 1n << BigInt(bits - Number(prefix ?? bits));
  const first = (toNumber(address) / size) * size;
  return [first, first + size - 1n];
}

function toNumber(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail)];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function toAddress(value: bigint, family: Family): string {
  const [parts, bits] = family === 'ipv4' ? [4, 8n] : [8, 16n];
  const units = Array.from({ length: parts }, (_, index) => (value >> (BigInt(parts - 1 - index) * bits)) & ((1n << bits) - 1n));
  return family === 'ipv4' ? units.join('.') : units.map((unit) => unit.toString(16)).join(':');
}
