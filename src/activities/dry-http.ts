import { EffectFailure } from './effect-failure.ts';
import type { OutboundHttp, OutboundHttpOptions } from './outbound-http.ts';
import { blocked, createOutboundRule, isBlockedAddress } from './outbound-rule.ts';

/**
 * The way out over HTTP for test traffic: judges each call as `createOutboundHttp` does before it connects, and answers 200 in place of
 * connecting. No name is resolved either.
 */
export function createDryHttp({ allow }: Pick<OutboundHttpOptions, 'allow'>): OutboundHttp {
  const { blockList, toTarget } = createOutboundRule(allow);
  return {
    async call({ url, headers }) {
      const { target, exempt } = toTarget(url);
      if (!exempt && isBlockedAddress(target.hostname, blockList)) throw blocked(target);
      requireHeaders(headers, target);
      return { status: 200, headers: {}, body: '' };
    },
    close: async () => {},
  };
}

function requireHeaders(headers: Readonly<Record<string, string>> | undefined, { origin }: URL): void {
  try {
    void new Headers(headers);
  } catch {
    throw new EffectFailure('http.unavailable', { expected: 'headers that can be sent', where: origin, happened: 'no' });
  }
}
