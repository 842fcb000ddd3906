import { versionOf } from '../../events/_project.ts';
import { events as catalogue } from '../../events/catalogue.gen.ts';
import type { EventDefinition } from '../../events/define-event.ts';
import type { Source } from '../../contracts/webhook.ts';
import { reprojectEvent } from '../../ingress/reproject-event.ts';
import { readWholeEvent } from '../../store/events.ts';
import type { Queryable } from '../../store/pool.ts';
import { lockRepairable, repairMany, type Repairable, type RepairFilter } from '../../store/repair-many.ts';
import type { RunKey } from '../../store/runs.ts';

/** What is asked for. */
export interface ReplayManyWish {
  readonly tx: Queryable;
  readonly filter: RepairFilter;
  /** The last run of the page before. */
  readonly after: RunKey | undefined;
  /** Most runs of this page. */
  readonly limit: number;
  readonly sources: readonly Source[];
  readonly now: Date;
}

/** What has become of one page. */
export interface ReplayedMany {
  /** How many were asked to start again. */
  readonly asked: number;
  /** Those that were not, and why. */
  readonly skipped: readonly { readonly eventUuid: string; readonly chain: string; readonly reason: string }[];
  /** The last run that was looked at, where the page was full. */
  readonly last: RunKey | undefined;
}

/**
 * Asks a page of closed runs to start again, oldest receipt first, inside the caller's transaction. Each run is met once by going on from
 * `last`, also where it fails again meanwhile. Data of an older version of their schema are projected anew before, as for one event.
 */
export async function replayMany({ tx, filter, after, limit, sources, now }: ReplayManyWish): Promise<ReplayedMany> {
  const found = await lockRepairable(tx, { filter, after, limit });
  const refused = new Map<string, string>();
  for (const { eventUuid } of found.filter(isToProject)) {
    const whole = refused.has(eventUuid) ? undefined : await readWholeEvent(tx, eventUuid);
    if (whole === undefined) continue;
    const projected = await reprojectEvent({ db: tx, event: whole.event, sources, now });
    if (projected.did === 'refused') refused.set(eventUuid, projected.reason);
  }
  const asked = await repairMany(
    tx,
    found.filter(({ eventUuid }) => !refused.has(eventUuid)),
  );
  const last = found.at(-1);
  return {
    asked,
    skipped: found.flatMap(({ eventUuid, chain }) => {
      const reason = refused.get(eventUuid);
      return reason === undefined ? [] : [{ eventUuid, chain, reason }];
    }),
    last: found.length < limit || last === undefined ? undefined : { eventUuid: last.eventUuid, chain: last.chain },
  };
}

/** Whether an event must be looked at by itself: few are. */
function isToProject({ type, schemaVersion, hasData }: Repairable): boolean {
  const definitions: readonly EventDefinition[] = catalogue;
  const definition = definitions.find((one) => one.type === type);
  return !hasData || (definition !== undefined && versionOf(definition) > (schemaVersion ?? 1));
}
