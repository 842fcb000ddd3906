import type { EventState } from '../contracts/webhook.ts';
import type { ReadHeld, ReleasedEvent } from '../store/held-events.ts';
import { releaseHeldOne } from '../store/held-events.ts';
import type { Queryable } from '../store/pool.ts';

/** What has become of one event that was to be released. */
export type ReleaseResult =
  | { readonly did: 'released'; readonly event: ReleasedEvent }
  /** It is not held: the state that it is in, or null where there is no such event. */
  | { readonly did: 'nothing'; readonly state: EventState | null };

/**
 * Releases one held event for a person, whatever holds cover it: it is read anew from its stored bytes and routed. It belongs into the
 * caller's transaction, and the ingress finds its runs by itself. While everything is held, or its source or chain is paused, its runs
 * wait. One that cannot be read is quarantined, with the reason in `event`.
 */
export async function releaseEvent(
  tx: Queryable,
  { uuid, read }: { readonly uuid: string; readonly read: ReadHeld },
): Promise<ReleaseResult> {
  const released = await releaseHeldOne(tx, { uuid, read });
  return 'notHeld' in released ? { did: 'nothing', state: released.notHeld } : { did: 'released', event: released };
}
