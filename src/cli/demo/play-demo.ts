import type { Source } from '../../contracts/webhook.ts';
import type { Stack } from '../../runtime/stack.ts';
import type { DeliveryRow } from '../../store/deliveries.ts';
import type { WholeEvent } from '../../store/events.ts';
import type { StockLevel } from '../../store/stock.ts';
import type { Store } from '../../store/store.ts';
import { postWebhook, type WebhookAnswer } from '../trigger/post-webhook.ts';
import { waitForRuns, type WaitedEvent } from '../wait-for-runs.ts';
import { createDemoMaker } from './demo-maker.ts';
import { makeDemoStories } from './demo-stories.ts';
import type { DemoStory, DemoTraces, DemoWebhook } from './demo-story.ts';
import { readTraces } from './read-traces.ts';

/** One webhook, what was answered, and what stands in our rows of it. */
export interface DemoStep {
  readonly sent: DemoWebhook;
  readonly answer: WebhookAnswer;
  /** Null where nothing was stored as an event. */
  readonly whole: Pick<WholeEvent, 'event' | 'runs' | 'effects' | 'deliveries'> | null;
}

/** A story, and what has become of each of its webhooks. */
export interface PlayedStory {
  readonly story: DemoStory;
  readonly steps: readonly DemoStep[];
}

/** Everything that the demonstration has led to. */
export interface DemoFacts {
  readonly stories: readonly PlayedStory[];
  readonly refused: readonly Pick<DeliveryRow, 'source' | 'code' | 'eventIds'>[];
  readonly traces: DemoTraces;
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

/** How long the chains of one webhook may take; a warm machine needs a second or two for all of them. */
const WAIT_MS = 60_000;

/** Plays all stories at once, and reads what has become of everything. */
export async function playDemo(play: DemoPlay): Promise<DemoFacts> {
  const { stack, store, onProgress } = play;
  const stockBefore = await store.stock.list();
  onProgress('sending webhooks');
  const stories = await Promise.all(makeDemoStories(createDemoMaker(play)).map((story) => playStory(story, play)));
  onProgress('looking at what has become of them');
  return {
    // only now: what came later may have changed what stands of the earlier
    stories: await Promise.all(
      stories.map(async ({ story, sent }) => ({
        story,
        steps: await Promise.all(sent.map(async (step) => ({ ...step, whole: await wholeOf(store, step) }))),
      })),
    ),
    refused: await store.deliveries.list({ outcome: 'refused', limit: 100 }),
    traces: await readTraces(stack, store),
    stockBefore,
    stockAfter: await store.stock.list(),
  };
}

type SentStep = Omit<DemoStep, 'whole'>;

/** Sends each webhook of a story when the chains of the one before have ended. */
async function playStory(
  story: DemoStory,
  { stack, store, onProgress, signal }: DemoPlay,
): Promise<{ readonly story: DemoStory; readonly sent: readonly SentStep[] }> {
  const sent: SentStep[] = [];
  for (const one of story.webhooks) {
    const step = { sent: one, answer: await postWebhook(`${stack.ingressUrl}/webhooks/${one.source}`, one.webhook, signal) };
    sent.push(step);
    await waitForRuns({
      events: store.events,
      wanted: toWanted(step),
      timeoutMs: WAIT_MS,
      onProgress: (_open, elapsedS) => onProgress(`waiting for the chain of \`${one.name}\` … ${elapsedS} s`),
      signal,
    });
  }
  return { story, sent };
}

async function wholeOf(store: Store, step: SentStep): Promise<WholeEvent | null> {
  for (const { source, eventId } of toWanted(step)) {
    const found = (await store.events.find(eventId)).find((event) => event.source === source && event.eventId === eventId);
    return found === undefined ? null : ((await store.events.get(found.uuid)) ?? null);
  }
  return null;
}

function toWanted({ sent, answer }: SentStep): readonly WaitedEvent[] {
  return answer.kind === 'answered' && answer.eventId !== null ? [{ source: sent.source, eventId: answer.eventId }] : [];
}
