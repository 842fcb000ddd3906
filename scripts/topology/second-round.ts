import { setTimeout as sleep } from 'node:timers/promises';
import { atPointer } from '../../src/contracts/json.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { createDemoMaker, type DemoMaker } from '../../src/cli/demo/demo-maker.ts';
import { sampleText } from '../../src/cli/demo/sample-text.ts';
import { linesAt } from '../../src/cli/demo/stories/new-order-run.ts';
import { postWebhook } from '../../src/cli/trigger/post-webhook.ts';
import type { SignedWebhook } from '../../src/cli/trigger/sign-webhook.ts';
import { waitForRuns } from '../../src/cli/wait-for-runs.ts';
import { world } from '../../src/cli/world.ts';
import type { EventSummary } from '../../src/store/events.ts';
import type { EffectRow } from '../../src/store/event-rows.ts';
import type { Store } from '../../src/store/store.ts';
import type { Topology } from './start-topology.ts';

/** What became of the orders that were sent while an ingress and a worker were killed. */
export interface SecondRound {
  readonly sent: number;
  /** Answered 200 at the first try: the proxy went past the dead ingress. */
  readonly atFirstTry: number;
  /** Events with one run that is done. */
  readonly done: number;
  /** Events that the API of operators lists, by the process `admin`. */
  readonly listed: number;
  /** Runs that failed because nobody knew whether their mail had gone out, and that were settled as a person would. */
  readonly settled: number;
  /** Orders of which the customer got another number of mails than one. */
  readonly mailedWrongly: number;
  /** Orders of which the warehouse got another number than one. */
  readonly handedOverWrongly: number;
  /** Effects that are open, or that stand although they were made before and not undone. */
  readonly wrongEffects: number;
  /** How many articles were ordered, and by how many the stock is lower. */
  readonly ordered: number;
  readonly taken: number;
}

/** Options of `playSecondRound`. */
export interface SecondRoundOptions {
  readonly topology: Topology;
  readonly store: Store;
  readonly sources: readonly Source[];
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

interface Order {
  readonly id: string;
  readonly email: string;
  readonly articles: number;
  readonly webhook: SignedWebhook;
}

const ORDERS = 60;
/** Between two orders. */
const TRICKLE_MS = 60;
const RETRY_MS = 200;
const WAIT_MS = 90_000;
/** The source of `deploy/hookline.yaml` itself. */
const SOURCE = 'shop';

/** Sends orders one after the other, kills `ingress-1` after a third and `worker-1` after two thirds, and waits until all is done. */
export async function playSecondRound(options: SecondRoundOptions): Promise<SecondRound> {
  const { topology, store, onProgress, signal } = options;
  const maker = createDemoMaker({ sources: options.sources, now: world.now(), newEventId: world.newEventId });
  const orders = Array.from({ length: ORDERS }, () => makeOrder(maker));
  const stockBefore = await countStock(store);
  const eventIds: string[] = [];
  const kills: Promise<void>[] = [];
  let atFirstTry = 0;
  for (const [index, order] of orders.entries()) {
    onProgress(`second round: ${index} of ${ORDERS} orders${kills.length === 0 ? '' : ', with processes killed'}`);
    const { eventId, tries } = await insist(`${topology.url}/webhooks/${SOURCE}`, order.webhook, signal);
    eventIds.push(eventId);
    if (tries === 1) atFirstTry += 1;
    if (index === Math.floor(ORDERS / 3)) kills.push(topology.fleet.kill('ingress-1'));
    if (index === Math.floor((ORDERS * 2) / 3)) kills.push(topology.fleet.kill('worker-1'));
    await sleep(TRICKLE_MS, undefined, { signal });
  }
  await Promise.all(kills);

  const wanted = eventIds.map((eventId) => ({ source: SOURCE, eventId }));
  const wait = (): Promise<readonly EventSummary[]> =>
    waitForRuns({
      events: store.events,
      wanted,
      timeoutMs: WAIT_MS,
      onProgress: (open, elapsedS) => onProgress(`second round: ${open} of ${ORDERS} orders under way, ${elapsedS} s`),
      signal,
    });
  await wait();
  const settled = await settleUnknown(options, orders);
  const events = await wait();
  return {
    sent: orders.length,
    atFirstTry,
    settled,
    done: events.filter(isDoneOnce).length,
    listed: await countListed(topology.fleet.adminUrlOf('admin')),
    ordered: orders.reduce((sum, { articles }) => sum + articles, 0),
    taken: stockBefore - (await countStock(store)),
    ...(await count(options, orders, events)),
  };
}

function makeOrder(maker: DemoMaker): Order {
  const seed = maker.newSeed();
  const email = `order-${seed}@example.com`;
  const sample = maker.sample('shopify', 'orders/create', { seed, set: { email, contact_email: email } });
  const expected = { status: 'accepted', type: 'order.created', run: null } as const;
  const { webhook } = maker.webhook({ name: 'order', source: SOURCE, sample, expected });
  const articles = linesAt(sample.body, '/line_items').reduce((sum, { quantity }) => sum + quantity, 0);
  return { id: sampleText(sample.body, '/id'), email, articles, webhook };
}

/** Posts until it is acknowledged, as a provider does; the tries that it took. */
async function insist(
  url: string,
  webhook: SignedWebhook,
  signal: AbortSignal,
): Promise<{ readonly eventId: string; readonly tries: number }> {
  for (let tries = 1; ; tries++) {
    const answer = await postWebhook(url, webhook, signal);
    if (answer.kind === 'answered' && answer.httpStatus === 200 && answer.eventId !== null) return { eventId: answer.eventId, tries };
    if (answer.kind === 'answered' && answer.httpStatus < 500) throw new Error(`an order was answered ${answer.httpStatus}`);
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** Looks into the mailbox for each mail of which nobody knows, says what was found, and has the run go on. */
async function settleUnknown({ topology, store }: SecondRoundOptions, orders: readonly Order[]): Promise<number> {
  const unknown = await store.effects.list({ state: 'unknown', limit: ORDERS });
  const mails = await topology.mail.mails();
  for (const effect of unknown) {
    const [event] = await store.events.find(effect.eventId);
    const whole = event === undefined ? undefined : await store.events.get(event.uuid);
    const order = orders.find(({ id }) => whole?.event.entity?.id.endsWith(`:${id}`));
    const arrived = mails.some(({ to }) => to.includes(order?.email ?? '\0'));
    const resolution = await store.effects.resolve(effect, { verdict: arrived ? 'sent' : 'sendAgain', replay: true });
    if (!resolution.ok) throw new Error(`\`${effect.action}\` of ${effect.eventId} could not be settled: ${resolution.reason}`);
  }
  return unknown.length;
}

async function countListed(adminUrl: string): Promise<number> {
  const response = await fetch(`${adminUrl}/api/events?source=${SOURCE}&limit=200`, { signal: AbortSignal.timeout(10_000) });
  const { events = [] } = (await response.json()) as { readonly events?: readonly unknown[] }; // docs/openapi.json
  return events.length;
}

function isDoneOnce({ runs }: EventSummary): boolean {
  return runs.length === 1 && runs[0]?.state === 'done';
}

async function count(
  { topology, store }: SecondRoundOptions,
  orders: readonly Order[],
  events: readonly EventSummary[],
): Promise<Pick<SecondRound, 'mailedWrongly' | 'handedOverWrongly' | 'wrongEffects'>> {
  const mails = (await topology.mail.mails()).map(({ to }) => to);
  const handedOver = topology.warehouse.orders().map(({ order }) => atPointer(order, '/order/id'));
  const wholes = await Promise.all(events.map(({ uuid }) => store.events.get(uuid)));
  return {
    mailedWrongly: orders.filter(({ email }) => mails.filter((to) => to.includes(email)).length !== 1).length,
    handedOverWrongly: orders.filter(({ id }) => handedOver.filter((one) => typeof one === 'string' && one.endsWith(`:${id}`)).length !== 1)
      .length,
    wrongEffects: wholes.reduce((sum, whole) => sum + countWrong(whole?.effects ?? []), 0),
  };
}

/** A run that failed has undone what it could, and does it again in another round: of one effect at most one row may stand. */
function countWrong(effects: readonly EffectRow[]): number {
  const standing = effects.filter(({ state }) => state === 'done').map(({ action, key }) => `${action} ${key}`);
  const open = effects.filter(({ state }) => state !== 'done' && state !== 'undone').length;
  return open + standing.length - new Set(standing).size;
}

async function countStock(store: Store): Promise<number> {
  return (await store.stock.list()).reduce((sum, { available }) => sum + available, 0);
}
