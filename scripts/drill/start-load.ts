import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, SentEvent } from './facts.ts';
import { KINDS, type EventMaker, type MadeEvent } from './make-events.ts';
import type { SenderKey } from './faults/sender-key.ts';
import { isAcknowledged, postEvent } from './post-event.ts';
import { between, type Random } from './random.ts';

/** How a sender behaves. */
export interface LoadShape {
  /** New events a second; one of four is a ticket, which is two. */
  readonly ratePerS: number;
  /** How many copies of an event come beside the first, some of them at once. @default 0 or 1, one of ten */
  readonly copies: number | undefined;
  /** The share of events that are held back, so that newer ones overtake them. */
  readonly reordered: number;
  /** For how long at most, in milliseconds; late copies come within the same time. */
  readonly heldBackMs: number;
}

/** A sender, and what it was told. */
export interface Load {
  readonly sent: readonly SentEvent[];
  readonly answers: readonly Answer[];
  /** Sends this many events at once, beside the steady ones. */
  burst(count: number): void;
  /** Sends these events at once, each a single time but for what is not acknowledged; resolves when each is. */
  send(events: readonly MadeEvent[]): Promise<void>;
  /** Sends known events once more, as a provider does when a person asks it to; resolves when each is acknowledged or time is up. */
  resend(eventIds: readonly string[], withinMs: number): Promise<void>;
  /** Makes no more events; resolves when all are acknowledged or time is up. */
  settle(withinMs: number): Promise<void>;
  /** Sends some events of each kind, and says that nothing was broken after them. */
  sendTail(withinMs: number): Promise<void>;
  /** Ends at once whatever is still being sent. */
  close(): void;
}

/** Options of `startLoad`. */
export interface LoadOptions extends LoadShape {
  readonly maker: EventMaker;
  readonly random: Random;
  /** The ports of the ingresses that a proxy in front would choose from; those that are down included. */
  readonly ports: () => readonly number[];
  /** What it signs with; it may change meanwhile. */
  readonly secret: SenderKey;
}

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 3_000;
const TAIL_OF_EACH = 3;

/** Starts a sender that posts each event until it is acknowledged, by turns to each ingress, and some of them again after that. */
export function startLoad({ maker, random, ports, secret, ...shape }: LoadOptions): Load {
  const sent: SentEvent[] = [];
  const answers: Answer[] = [];
  const made = new Map<string, MadeEvent>();
  const open = new Set<Promise<void>>();
  const end = new AbortController();
  let turn = 0;

  const track = (task: Promise<void>): void => {
    const quiet = task.catch(() => {}).finally(() => open.delete(quiet)); // only an end throws: `pause`
    open.add(quiet);
  };
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: end.signal });
  const post = async (event: MadeEvent) => {
    turn += 1;
    const all = ports();
    const port = all[turn % all.length] ?? 0;
    const posted = await secret.use((text) => postEvent(event, { port, secret: text }));
    answers.push(posted.answer);
    return posted;
  };
  const insist = async (event: MadeEvent): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const { answer, retryAfterMs = 0 } = await post(event);
      if (isAcknowledged(answer)) return;
      await pause(Math.max(retryAfterMs, Math.min(FIRST_RETRY_MS * 2 ** tries, LAST_RETRY_MS)));
    }
  };
  const deliver = async (event: MadeEvent): Promise<void> => {
    if (random() < shape.reordered) await pause(between(random, 0, shape.heldBackMs));
    const copies = shape.copies ?? (random() < 0.1 ? 1 : 0);
    const atOnce = Math.ceil(copies / 2);
    await Promise.all([insist(event), ...Array.from({ length: atOnce }, () => insist(event))]);
    for (let copy = atOnce; copy < copies; copy += 1) {
      await pause(between(random, 0, shape.heldBackMs));
      await insist(event);
    }
  };
  const keep = (event: MadeEvent): void => {
    sent.push(event.sent);
    made.set(event.sent.id, event);
  };
  const send = (events: readonly MadeEvent[]): void => {
    for (const event of events) {
      keep(event);
      track(deliver(event));
    }
  };
  const timer = setInterval(() => send(maker.next()), 1_000 / shape.ratePerS);
  const settled = async (withinMs: number): Promise<void> => {
    const late = AbortSignal.timeout(withinMs);
    while (open.size > 0 && !late.aborted) await Promise.race([Promise.all(open), sleep(200)]);
  };

  return {
    sent,
    answers,
    burst(count) {
      for (let index = 0; index < count; index += 1) send(maker.next());
    },
    async send(events) {
      for (const event of events) keep(event);
      await Promise.all(events.map(insist));
    },
    async resend(eventIds, withinMs) {
      for (const id of eventIds) {
        const event = made.get(id);
        if (event !== undefined) track(insist(event));
      }
      await settled(withinMs);
    },
    settle(withinMs) {
      clearInterval(timer);
      return settled(withinMs);
    },
    async sendTail(withinMs) {
      for (let index = 0; index < TAIL_OF_EACH; index += 1) for (const kind of KINDS) send(maker.next({ kind, tail: true }));
      await settled(withinMs);
    },
    close() {
      clearInterval(timer);
      end.abort();
    },
  };
}
