import { BlockList } from 'node:net';

const IPV4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];

// BlockList sees through ::ffff:0:0/96 by itself, not through the other prefixes that carry an IPv4 address.
const IPV6 = ['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'];

/** Every address that is not a public one (IANA special-purpose registries), as a block list for outbound sockets. */
export function createBlockedAddresses(): BlockList {
  const list = new BlockList();
  for (const [subnets, family] of [[IPV4, 'ipv4'], [IPV6, 'ipv6']] as const) {
    for (const subnet of subnets) {
      const [network = '', prefix = ''] = subnet.split('/');
      list.addSubnet(network, Number(prefix), family);
    }
  }
  return list;
}
