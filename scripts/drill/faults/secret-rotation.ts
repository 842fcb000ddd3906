import { createShopSecret } from '../drill-settings.ts';
import type { Fault } from '../faults.ts';

/**
 * The shop's secret is rotated as docs/operations.md says: the new one goes in front of the old one, each ingress is replaced, and the
 * sender changes over. What the last rotation has left behind, which nothing is signed with any more, is dropped with the same restarts.
 */
export const secretRotation: Fault = async ({ stack: { fleet, secrets }, note }) => {
  const key = secrets.SHOP_SECRET;
  const fresh = createShopSecret();
  note("the shop's secret was rotated");
  fleet.accept([fresh, key.secret]);
  for (const name of ['ingress-1', 'ingress-2'] as const) {
    await fleet.stop(name);
    await fleet.start(name);
  }
  await key.rotate(fresh);
};
