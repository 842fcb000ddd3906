import { HooklineError } from '../contracts/errors.ts';
import type { InboxDelivery, InboxOutcome } from '../contracts/inbox.ts';
import { NO_METER, type Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import { createGroupCommit } from './group-commit.ts';
import type { EventMention } from './inbox-batch.ts';
import { toMentions } from './inbox-batch.ts';
import { insertBatch, type InboxBatch } from './inbox-insert.ts';
import type { Met } from './inbox-repair.ts';
import { repairBatch } from './inbox-repair.ts';
import type { Pool } from './pool.ts';
import { toPostgresFailure } from './postgres-failure.ts';

/** The durable place that a webhook is acknowledged from. */
export interface Inbox {
  /**
   * Resolves after PostgreSQL has committed the delivery with all its events, one outcome for each event in order. Rejects
   * with `inbox.unavailable` (nothing may have been stored, or the answer was lost: the provider sends it again),
   * `inbox.full`, or `ingress.draining` once closed.
   */
  add(delivery: InboxDelivery): Promise<readonly InboxOutcome[]>;
  /** How many deliveries wait for their commit. */
  waiting(): number;
  /** Takes nothing more, and resolves once all that waits is settled. */
  close(): Promise<void>;
}

/** Options of `createInbox`. */
export interface InboxOptions {
  /** One of its own, of two connections, keeps other statements out of its way. */
  readonly pool: Pool;
  readonly log: Log;
  /** @default measures nothing */
  readonly meter?: Meter | undefined;
  /** Told of each statement what it threw, or `undefined`. @default nobody is told */
  readonly onWritten?: ((failure: unknown) => void) | undefined;
  /** Most deliveries of a statement. @default 256 */
  readonly maxBatch?: number | undefined;
  /** Most body bytes of a statement. @default 8 MiB */
  readonly maxBatchBytes?: number | undefined;
  /** @default 10,000 deliveries */
  readonly maxWaiting?: number | undefined;
  /** @default 64 MiB of bodies */
  readonly maxWaitingBytes?: number | undefined;
  /** How long a delivery may wait for its commit, in milliseconds. @default 5,000 */
  readonly maxWaitMs?: number | undefined;
  /** For how many days a body that comes under another id, where no signature covers the id, is told. @default 90 */
  readonly dedupeDays?: number | undefined;
}

const MIB = 1024 * 1024;
const MAX_IN_FLIGHT = 2; // one writes while the other waits for the disk
const ROW_BYTES = 512; // what a delivery weighs beside its body
const CONFLICT_TRIES = 5;

/** Makes the inbox: deliveries that meet are committed together. */
export function createInbox({
  pool,
  log,
  meter = NO_METER,
  onWritten,
  maxBatch = 256,
  maxBatchBytes = 8 * MIB,
  maxWaiting = 10_000,
  maxWaitingBytes = 64 * MIB,
  maxWaitMs = 5_000,
  dedupeDays = 90,
}: InboxOptions): Inbox {
  const say = logTurns(log);
  return createGroupCommit<InboxDelivery, readonly InboxOutcome[]>({
    write: (deliveries) => writeBatch(pool, { deliveries, mentions: toMentions(deliveries), dedupeDays }),
    sizeBytes: ({ body }) => body.length + ROW_BYTES,
    limits: { maxBatch, maxBatchBytes, maxWaiting, maxWaitingBytes, maxInFlight: MAX_IN_FLIGHT, maxWaitMs },
    onWritten(failure, { size, durationMs }) {
      say(failure);
      onWritten?.(failure);
      meter.observe('hookline_inbox_commit_size', {}, size);
      meter.observe('hookline_inbox_commit_duration_seconds', {}, durationMs / 1_000);
    },
  });
}

async function writeBatch(pool: Pool, batch: InboxBatch): Promise<readonly PromiseSettledResult<readonly InboxOutcome[]>[]> {
  const { deliveries, mentions } = batch;
  const { added, sameBodyAs } = await insertBatch(pool, batch);
  const isRefused = ({ at, delivery }: EventMention): boolean => delivery.sameBody === 'refuse' && sameBodyAs.has(at);
  const isNew = ({ first, event }: EventMention): boolean => first && added.has(event.uuid);
  const duplicates = mentions.filter((mention) => !isNew(mention) && !isRefused(mention));
  const { met, failure } = await meet(pool, duplicates);

  const outcomes = deliveries.map((): InboxOutcome[] => []);
  const lost = new Set<number>();
  for (const mention of mentions) {
    const outcome = isRefused(mention) ? refuse(mention) : isNew(mention) ? accept(mention) : repeat(mention, met.get(mention));
    const same = sameBodyAs.get(mention.at);
    if (outcome === undefined) lost.add(mention.at);
    else outcomes[mention.at]?.push(same === undefined ? outcome : { ...outcome, sameBodyAs: same });
  }
  return outcomes.map((value, at) =>
    lost.has(at)
      ? {
          status: 'rejected',
          reason: new HooklineError('inbox.unavailable', { got: 'no answer about the event that it repeats', cause: failure }),
        }
      : { status: 'fulfilled', value },
  );
}

function accept({ event }: EventMention): InboxOutcome {
  const outcome = event.state === 'routed' ? 'accepted' : event.state;
  return { eventId: event.eventId, eventUuid: event.uuid, outcome, repairing: false, bodyDiffers: false, stopped: false };
}

function refuse({ event }: EventMention): InboxOutcome {
  return { eventId: event.eventId, eventUuid: event.uuid, outcome: 'refused', repairing: false, bodyDiffers: false, stopped: false };
}

function repeat({ event }: EventMention, met: Met | undefined): InboxOutcome | undefined {
  return met && { eventId: event.eventId, outcome: 'duplicate', ...met };
}

/** Never throws: the new events of the batch are committed, and their deliveries must be told so. */
async function meet(
  pool: Pool,
  duplicates: readonly EventMention[],
): Promise<{ readonly met: ReadonlyMap<EventMention, Met>; readonly failure?: unknown }> {
  const met = new Map<EventMention, Met>();
  if (duplicates.length === 0) return { met };
  for (let tries = 1; ; tries++) {
    try {
      const found = await repairBatch(pool, duplicates);
      duplicates.forEach((mention, index) => {
        const one = found[index];
        if (one !== undefined) met.set(mention, one);
      });
      return { met };
    } catch (failure) {
      if (toPostgresFailure(failure) !== 'conflict' || tries === CONFLICT_TRIES) return { met, failure };
    }
  }
}

/** One line when PostgreSQL stops taking deliveries and one when it takes them again; a line for each delivery that it refuses. */
function logTurns(log: Log): (failure: unknown) => void {
  let down = false;
  return (err) => {
    const isDown = err !== undefined && toPostgresFailure(err) === 'unavailable';
    if (isDown && !down) log.error({ component: 'inbox', code: 'inbox.unavailable', err }, 'PostgreSQL does not take deliveries');
    if (err === undefined && down) log.info({ component: 'inbox' }, 'PostgreSQL takes deliveries again');
    if (err !== undefined && !isDown)
      log.error({ component: 'inbox', code: 'inbox.unavailable', err }, 'PostgreSQL refused a statement of the inbox');
    down = err === undefined ? false : down || isDown;
  };
}
