import { hashInput } from '../../../src/activities/effect-key.ts';
import { sha256, toWorkflowId } from '../../../src/contracts/ids.ts';
import type { InboxDelivery } from '../../../src/contracts/inbox.ts';
import type { ActionCall, RunOutcome } from '../../../src/contracts/run.ts';
import { createEffects } from '../../../src/store/effects.ts';
import { updateEntity } from '../../../src/store/entities.ts';
import { toMentions } from '../../../src/store/inbox-batch.ts';
import { insertBatch } from '../../../src/store/inbox-insert.ts';
import { repairBatch } from '../../../src/store/inbox-repair.ts';
import { claimUndo, forbidEffect, lockUndone, markUndone } from '../../../src/store/ledger-undo.ts';
import { claimEffect, markSending, settleAndWait, settleEffect, takeOver } from '../../../src/store/ledger.ts';
import type { Pool, Queryable } from '../../../src/store/pool.ts';
import { createRuns, type RunAttempt } from '../../../src/store/runs.ts';
import { clearSwitch, setSwitch, type Switch } from '../../../src/store/switches.ts';

/** What can be done to a ledger or an entity, in a transaction or alone. */
export type LedgerDeed =
  | { readonly kind: 'claim' | 'takeOver' | 'markSending' | 'undo'; readonly effect: WishedEffect }
  | { readonly kind: 'settle'; readonly effect: WishedEffect; readonly state: 'done' | 'unknown' | 'intended' }
  | { readonly kind: 'settleAndWait'; readonly effect: WishedEffect; readonly retryAfterMs: number }
  | { readonly kind: 'entity'; readonly id: string; readonly value: number };

/** One performance of an effect, of few that there are. */
export interface WishedEffect {
  readonly action: string;
  readonly round: number;
  readonly attempt: number;
  readonly runId: string;
  /** Than its row has: 0 where it has seen the row as it stands. */
  readonly moreSends: number;
  readonly dry: boolean;
}

/** Every other thing that the product does to PostgreSQL, as far as the simulation rests on it. */
export type Deed =
  | { readonly kind: 'add'; readonly deliveries: readonly WishedDelivery[] }
  | { readonly kind: 'lease'; readonly owner: number; readonly limit: number }
  | { readonly kind: 'mark'; readonly mark: MarkName; readonly run: number; readonly attempts: number }
  | { readonly kind: 'outcome'; readonly state: RunOutcome['state']; readonly run: number; readonly attempts: number }
  | { readonly kind: 'dueChecks'; readonly limit: number }
  | { readonly kind: 'checkAllSoon' }
  | { readonly kind: 'repair'; readonly run: number; readonly again: boolean; readonly isOfChain: boolean }
  | { readonly kind: 'resolve'; readonly effect: WishedEffect; readonly verdict: 'sent' | 'sendAgain'; readonly replay: boolean }
  | { readonly kind: 'set' | 'clear'; readonly change: Switch }
  | LedgerDeed;

/** A delivery of few events that there are. */
export interface WishedDelivery {
  readonly events: readonly number[];
  readonly chains: readonly string[];
  readonly body: string;
}

/** Marks that carry the attempt. */
export type MarkName = 'markStarted' | 'postpone' | 'failStart' | 'restartForgotten' | 'markStuck' | 'clearStuck';

/** What is there when a deed is done. */
export interface Place {
  readonly pool: Pool;
  /** Runs, in order of receipt. */
  readonly runs: readonly RunAttempt[];
  readonly eventUuids: readonly string[];
  readonly effects: readonly { readonly action: string; readonly round: number; readonly sends: number }[];
  readonly deliveries: readonly InboxDelivery[];
}

/** The same for whatever side. */
export type WithoutPool = Omit<Place, 'pool'>;

const OUTCOMES = { done: null, failed: 'action.failed', stopped: 'run.cancelled' } as const;

/** Does a deed by the product's own functions, and returns what they say. */
export async function doDeed(place: Place, deed: Deed): Promise<unknown> {
  const { pool } = place;
  const runs = createRuns({ pool });
  switch (deed.kind) {
    case 'add':
      return add(pool, place.deliveries);
    case 'lease':
      return runs.claim({ owner: toUuid(deed.owner), limit: deed.limit, leaseMs: 10_000 });
    case 'mark': {
      const run = runOf(place, deed);
      return run === undefined ? undefined : markBy(runs, deed.mark, run);
    }
    case 'outcome': {
      const run = runOf(place, deed);
      const outcome: RunOutcome = {
        state: deed.state,
        code: OUTCOMES[deed.state],
        detail: null,
        result: deed.state === 'done' ? { fine: true } : null,
      };
      return run === undefined ? undefined : runs.markOutcome({ ...run, outcome });
    }
    case 'dueChecks':
      return (await runs.dueChecks({ limit: deed.limit })).toSorted((a, b) =>
        `${a.eventUuid} ${a.chain}` < `${b.eventUuid} ${b.chain}` ? -1 : 1,
      );
    case 'checkAllSoon':
      return runs.checkAllSoon();
    case 'repair': {
      const run = runOf(place, { run: deed.run, attempts: 0 });
      return run === undefined
        ? undefined
        : runs.repair({ eventUuid: run.eventUuid, again: deed.again, ...(deed.isOfChain ? { chain: run.chain } : {}) });
    }
    case 'resolve': {
      const { round } = deed.effect;
      const sends = sendsOf(place, deed.effect);
      const { eventUuid, ledger, action, key } = callOf(place, deed.effect);
      return createEffects({ pool }).resolve(
        { eventUuid, ledger, action, key, round, sends },
        { verdict: deed.verdict, replay: deed.replay },
      );
    }
    case 'set':
      return setSwitch(pool, deed.change, { by: 'test', reason: null });
    case 'clear':
      return clearSwitch(pool, deed.change);
    default:
      return doLedgerDeed(pool, place, deed);
  }
}

/** The same for those that may be part of a transaction. */
export async function doLedgerDeed(db: Queryable, place: WithoutPool, deed: LedgerDeed): Promise<unknown> {
  if (deed.kind === 'entity') {
    const { id, value } = deed;
    return updateEntity(db, { type: 'order', id }, ({ fields }) =>
      fields['value'] === value ? undefined : { fields: { value }, versions: { value: 'v' } },
    );
  }
  const { runId, round, dry } = deed.effect;
  const sends = sendsOf(place, deed.effect);
  const call = callOf(place, deed.effect);
  switch (deed.kind) {
    case 'claim':
      return claimEffect(db, { call, chain: 'one', runId, inputSha256: hashInput(call.action), dry });
    case 'takeOver':
      return takeOver(db, { call, round, runId, sends, dry });
    case 'markSending':
      return markSending(db, { chain: 'one', adapter: 'mail', call, round, runId, sends });
    case 'settle':
      return settleEffect(db, { call, round, sends, state: deed.state, detail: 'said', ...(deed.state === 'done' ? { result: [1] } : {}) });
    case 'settleAndWait':
      return settleAndWait(db, { call, round, sends, state: 'intended', detail: 'said', adapter: 'mail', retryAfterMs: deed.retryAfterMs });
    case 'undo': {
      const undo = { ...call, action: 'simulated.undo', undoes: call.action };
      const target = await lockUndone(db, undo);
      if (target === undefined) return forbidEffect(db, { call: undo, runId });
      await markUndone(db, { call: undo, runId, round: target.round });
      return [target, await claimUndo(db, { call: undo, round: target.round, runId, inputSha256: hashInput(0), dry: target.dry })];
    }
  }
}

/** Deliveries with ids of their own, from a number on. */
export function toDeliveries(
  wishes: readonly WishedDelivery[],
  { from, nowMs }: { readonly from: number; readonly nowMs: number },
): readonly InboxDelivery[] {
  return wishes.map(({ events, chains, body }, at) => ({
    id: toUuid(from + at * 10),
    source: 'shop',
    provider: 'hookline',
    receivedAt: new Date(nowMs),
    remoteAddress: null,
    headers: [],
    body: Buffer.from(body),
    bodySha256: sha256(body),
    secretIndex: 0,
    events: events.map((number, index) => ({
      uuid: toUuid(from + at * 10 + index + 1),
      eventId: `e${number}`,
      providerId: `e${number}`,
      providerType: 'made',
      type: 'hookline:made',
      entity: number === 0 ? null : { type: 'order', id: `shop:${number}` },
      occurredAt: new Date(nowMs - 1_000),
      test: number === 2,
      ...(chains.length === 0 ? { state: 'ignored', data: null } : { state: 'routed', data: { number } }),
      code: null,
      detail: null,
      schemaVersion: null,
      routes: chains.map((chain) => ({
        chain,
        ledger: 'one',
        workflowId: toWorkflowId('shop', `e${number}`, chains.length > 1 ? chain : undefined),
      })),
    })),
  }));
}

async function add(pool: Pool, deliveries: readonly InboxDelivery[]): Promise<unknown> {
  const mentions = toMentions(deliveries);
  const { added, sameBodyAs } = await insertBatch(pool, { deliveries, mentions, dedupeDays: 90 });
  const duplicates = mentions.filter(({ first, event }) => !first || !added.has(event.uuid));
  return [[...added].toSorted(), [...sameBodyAs], duplicates.length === 0 ? [] : await repairBatch(pool, duplicates)];
}

function markBy(runs: ReturnType<typeof createRuns>, mark: MarkName, run: RunAttempt): Promise<unknown> {
  switch (mark) {
    case 'markStarted':
      return runs.markStarted({ ...run, runId: 'temporal' });
    case 'postpone':
      return runs.postpone({ ...run, delayMs: 500, countTry: true });
    case 'failStart':
      return runs.failStart({ ...run, code: 'run.startRefused', detail: 'refused' });
    case 'restartForgotten':
      return runs.restartForgotten(run);
    case 'markStuck':
      return runs.markStuck({ ...run, detail: 'stuck' });
    case 'clearStuck':
      return runs.clearStuck(run);
  }
}

function runOf({ runs }: WithoutPool, { run, attempts }: { readonly run: number; readonly attempts: number }): RunAttempt | undefined {
  const found = runs[run % Math.max(runs.length, 1)];
  return found && { eventUuid: found.eventUuid, chain: found.chain, attempt: found.attempt + attempts };
}

function sendsOf({ effects }: WithoutPool, { action, round, moreSends }: WishedEffect): number {
  return (effects.find((row) => row.action === action && row.round === round)?.sends ?? 0) + moreSends;
}

function callOf({ eventUuids }: WithoutPool, { action, round, attempt }: WishedEffect): ActionCall {
  const event = {
    eventUuid: eventUuids[0] ?? toUuid(0),
    eventId: 'e0',
    source: 'shop',
    occurredAt: '2026-01-01T00:00:00.000Z',
    test: false,
  };
  return { ...event, ledger: 'one', action, key: '0', attempt, round };
}

function toUuid(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}
