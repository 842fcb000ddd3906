import type { Source } from '../../contracts/webhook.ts';
import type { CaughtMail } from '../../runtime/mail-catcher.ts';
import type { Stack } from '../../runtime/stack.ts';
import type { WarehouseOrder } from '../../runtime/warehouse-receiver.ts';
import type { DeliveryRow } from '../../store/deliveries.ts';
import type { WholeEvent } from '../../store/events.ts';
import type { StockLevel } from '../../store/stock.ts';
import type { Store } from '../../store/store.ts';
import { postWebhook, type WebhookAnswer } from '../trigger/post-webhook.ts';
import { waitForRuns, type WaitedEvent } from '../wait-for-runs.ts';
import { makeDemoWebhooks, toResend, type DemoWebhook } from './demo-webhooks.ts';

/** One webhook, what was answered, and what stands in our rows of it. */
export interface DemoStep {
  readonly sent: DemoWebhook;
  readonly answer: WebhookAnswer;
  /** Null where nothing was stored as an event. */
  readonly whole: Pick<WholeEvent, 'event' | 'runs' | 'effects' | 'deliveries'> | null;
}

/** Everything that the demonstration has led to. */
export interface DemoFacts {
  readonly steps: readonly DemoStep[];
  readonly refused: readonly Pick<DeliveryRow, 'source' | 'code' | 'eventIds'>[];
  readonly mails: readonly Pick<CaughtMail, 'to' | 'subject'>[];
  readonly warehouse: readonly WarehouseOrder[];
  readonly stockBefore: readonly StockLevel[];
  readonly stockAfter: readonly StockLevel[];
}

/** What the demonstration is played with. */
export interface DemoPlay {
  readonly stack: Pick<Stack, 'ingressUrl' | 'mail' | 'warehouse'>;
  readonly store: Store;
  readonly sources: readonly Source[];
  readonly now: Date;
  readonly newEventId: () => string;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How long the chains may take; a warm machine needs a second or two. */
const WAIT_MS = 60_000;

/** Posts everything, waits for the chains, posts the first one again, and reads what has become of it all. */
export async function playDemo(play: DemoPlay): Promise<DemoFacts> {
  const { stack, store, onProgress, signal } = play;
  const stockBefore = await store.stock.list();
  const webhooks = makeDemoWebhooks(play);
  const sent: Omit<DemoStep, 'whole'>[] = [];
  const post = async (one: DemoWebhook): Promise<void> => {
    sent.push({ sent: one, answer: await postWebhook(`${stack.ingressUrl}/webhooks/${one.source}`, one.webhook, signal) });
  };

  onProgress('sending webhooks');
  for (const one of webhooks) await post(one);
  await waitForRuns({
    events: store.events,
    wanted: sent.flatMap(toWanted),
    timeoutMs: WAIT_MS,
    onProgress: (open, elapsedS) => onProgress(`waiting for ${open} ${open === 1 ? 'chain' : 'chains'} … ${elapsedS} s`),
    signal,
  });
  for (const one of webhooks.slice(0, 1)) await post(toResend(one));

  const steps = await Promise.all(sent.map(async (step) => ({ ...step, whole: await wholeOf(store, step) })));
  return {
    steps,
    refused: await store.deliveries.list({ outcome: 'refused', limit: 100 }),
    mails: (await stack.mail?.mails()) ?? [],
    warehouse: stack.warehouse?.orders() ?? [],
    stockBefore,
    stockAfter: await store.stock.list(),
  };
}

async function wholeOf(store: Store, step: Omit<DemoStep, 'whole'>): Promise<WholeEvent | null> {
  for (const { source, eventId } of toWanted(step)) {
    const found = (await store.events.find(eventId)).find((event) => event.source === source && event.eventId === eventId);
    return found === undefined ? null : ((await store.events.get(found.uuid)) ?? null);
  }
  return null;
}

function toWanted({ sent, answer }: Omit<DemoStep, 'whole'>): readonly WaitedEvent[] {
  return answer.kind === 'answered' && answer.eventId !== null ? [{ source: sent.source, eventId: answer.eventId }] : [];
}
