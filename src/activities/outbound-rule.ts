import { isIP, isIPv4, type BlockList } from 'node:net';
import { createBlockedAddresses } from './blocked-addresses.ts';
import { EffectFailure } from './effect-failure.ts';

/** Where an outbound call may go. */
export interface OutboundRule {
  /** Addresses that no call connects to. */
  readonly blockList: BlockList;
  /** Reads a URL, and throws `http.blocked` where it is none of a public address over HTTPS, nor one of `allow`. */
  toTarget(url: string): {
    readonly target: URL;
    /** True where `allow` names the host itself, so that its address is not looked at. */
    readonly exempt: boolean;
  };
}

/** Makes the rule: public addresses over HTTPS, and what `allow` lists (host names, addresses, CIDR ranges, whole origins). */
export function createOutboundRule(allow: readonly string[]): OutboundRule {
  const blockList = createBlockedAddresses(allow);
  const named = new Set(allow.map((entry) => (entry.includes('://') ? new URL(entry).origin : entry.toLowerCase())));
  return {
    blockList,
    toTarget(url) {
      const target = new URL(url);
      const exempt = named.has(target.origin) || named.has(target.hostname);
      if (target.protocol !== 'https:' && !exempt && !isAllowedAddress(target.hostname, blockList)) throw blocked(target);
      return { target, exempt };
    },
  };
}

/** Whether a URL's host is itself an address that may not be reached. */
export function isBlockedAddress(hostname: string, blockList: BlockList): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && blockList.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** The failure of a call that may not be made. */
export function blocked(target: URL): EffectFailure {
  return new EffectFailure('http.blocked', { expected: 'a public address over https', got: target.origin, happened: 'no' });
}

/** Whether a URL's host is itself a private address that the block list leaves open. */
function isAllowedAddress(hostname: string, blockList: BlockList): boolean {
  return isBlockedAddress(hostname, createBlockedAddresses([])) && !isBlockedAddress(hostname, blockList);
}
