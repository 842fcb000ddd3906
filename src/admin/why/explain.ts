import type { WholeEvent } from '../../store/events.ts';
import type { Store } from '../../store/store.ts';
import { listSwitches } from '../../store/switches.ts';
import { listVendorWaits } from '../../store/vendor-waits.ts';
import { chains } from '../../workflows/catalogue.gen.ts';
import { ApiError } from '../api/api-error.ts';
import { toMeantEvents } from '../meant-events.ts';
import { toTimeText } from '../time-text.ts';
import { explainDelivery, explainEvent } from './explain-event.ts';
import type { Explanation } from './explanation.ts';
import type { PendingSteps, ReadPendingSteps } from './pending-steps.ts';

/** What is asked about, as it was understood, and why it stands as it does. */
export interface Answer {
  readonly subject: { readonly kind: 'event' | 'run' | 'delivery' | 'entity'; readonly id: string };
  /** What it is, before the explanations; a part of the sentence. */
  readonly opening: string;
  readonly explanations: readonly Explanation[];
}

/** What a person asks about. */
export interface Question {
  /** An event's id, a workflow id, a delivery's id, or the type of an entity. */
  readonly about: string;
  /** The entity's id. */
  readonly id?: string | undefined;
  /** Where several sources have an event with this id. */
  readonly source?: string | undefined;
}

interface Explainer {
  readonly store: Store;
  /** @default Temporal is not asked */
  readonly pendingSteps?: ReadPendingSteps | undefined;
  readonly now: Date;
}

/** Says why an event, a run, a delivery or an entity stands as it does. Throws `api.notFound`, or `api.badRequest` where a text means several. */
export function explain(explainer: Explainer, { about, id, source }: Question): Promise<Answer> {
  return id === undefined ? explainText(explainer, { text: about, source }) : explainEntity(explainer, { type: about, id });
}

async function explainText(explainer: Explainer, wanted: { readonly text: string; readonly source: string | undefined }): Promise<Answer> {
  const { store } = explainer;
  const { text, source } = wanted;
  const run = text.includes('.') ? await store.runs.find(text) : undefined; // every workflow id holds a dot, and no event id does
  if (run !== undefined) {
    const answer = await explainWhole(explainer, run.eventUuid, run.chain);
    return { ...answer, subject: { kind: 'run', id: run.workflowId } };
  }
  const events = toMeantEvents(await store.events.find(text), wanted);
  const [event] = events;
  if (event !== undefined && events.length === 1) return explainWhole(explainer, event.uuid);
  if (events.length > 1) {
    const list = events.map((one) => `${one.source} ${one.uuid}`).join(', ');
    const fix = `add \`--source\`, or take the UUID of one: ${list}`;
    throw new ApiError('api.badRequest', { expected: 'the id of one event', got: `\`${text}\`, which ${events.length} have`, fix });
  }
  const [delivery] = await store.deliveries.find(text);
  if (delivery !== undefined)
    return { subject: { kind: 'delivery', id: delivery.id }, opening: '', explanations: [explainDelivery(delivery)] };
  const where = source === undefined ? {} : { where: `source \`${source}\`` };
  throw new ApiError('api.notFound', {
    expected: 'the id of an event, a run or a delivery, or the type and the id of an entity',
    got: `\`${text}\``,
    ...where,
    fix: 'see `hookline events`, `hookline deliveries` or `hookline entities`',
  });
}

async function explainWhole({ store, pendingSteps, now }: Explainer, uuid: string, chain?: string): Promise<Answer> {
  const [whole, switches, waits] = await Promise.all([store.events.get(uuid), listSwitches(store.db), listVendorWaits(store.db)]);
  if (whole === undefined)
    throw new ApiError('api.notFound', { expected: 'an event that is still there', got: 'one that was just removed' });
  return {
    subject: { kind: 'event', id: uuid },
    opening: toOpening(whole),
    explanations: explainEvent(whole, { chain, chains, switches, waits, pending: await readPending(whole, pendingSteps), now }),
  };
}

/** A handful of questions at most: an event has a run for each chain that wants it. */
async function readPending({ runs }: WholeEvent, read: ReadPendingSteps | undefined): Promise<ReadonlyMap<string, PendingSteps | null>> {
  const asked = runs.map(async ({ chain, state, workflowId, runId }) =>
    read === undefined || state !== 'started' || runId === null ? [] : [[chain, await read({ workflowId, runId })] as const],
  );
  return new Map((await Promise.all(asked)).flat());
}

function toOpening({ event: { source, eventId, type, receivedAt, test }, deliveries }: WholeEvent): string {
  const resent = deliveries.filter(({ outcome }) => outcome === 'duplicate').length;
  const duplicates = resent === 0 ? '' : `, and ${resent === 1 ? 'once' : `${resent} times`} more as a duplicate`;
  return `Event ${eventId} of ${source}, \`${type}\`${test ? ' (test traffic)' : ''}, came at ${toTimeText(receivedAt)}${duplicates}: `;
}

async function explainEntity(explainer: Explainer, key: { readonly type: string; readonly id: string }): Promise<Answer> {
  const { store } = explainer;
  const [newest] = await store.events.list({ entity: key, limit: 1 });
  const entity = await store.agentTables.entity(key);
  const name = `${key.type} ${key.id}`;
  const written = entity === undefined ? 'no agent has written it' : `an agent wrote it last at ${toTimeText(entity.updatedAt)}`;
  if (newest === undefined && entity === undefined)
    throw new ApiError('api.notFound', {
      expected: 'an entity that an event names, or an agent has written',
      got: `\`${name}\``,
      fix: 'see `hookline entities`; ids carry the system that they come from, such as `shopify:1001`',
    });
  const answer = newest === undefined ? undefined : await explainWhole(explainer, newest.uuid);
  return {
    subject: { kind: 'entity', id: name },
    opening: `${name}: ${written}; ${answer === undefined ? 'no event names it' : `its newest event: ${answer.opening}`}`,
    explanations: answer?.explanations ?? [],
  };
}
