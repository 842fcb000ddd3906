import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderDefinition } from '../../providers/define-provider.ts';
import { inTurns } from '../trigger/in-turns.ts';
import { postWebhook, type WebhookAnswer } from '../trigger/post-webhook.ts';
import { isSuccess } from '../trigger/trigger-screen.ts';
import { signWebhook, type SignedWebhook } from '../trigger/sign-webhook.ts';
import type { DrillAnswer, DrillEvent } from './drill-facts.ts';

/** How events are sent, and where to. */
export interface SendOptions {
  /** The whole URL of the source. */
  readonly url: string;
  readonly secret: string;
  readonly provider: Pick<ProviderDefinition, 'sign'>;
  /** Copies of each event beside the first, half of them at once with it, the others up to a second later each. */
  readonly copies: number;
  /** Events a second; null sends all at once. */
  readonly ratePerS: number | null;
  /** How long each event is tried again that was neither acknowledged nor refused for good. */
  readonly insistMs: number;
  readonly random: () => number;
  readonly now: () => Date;
  /** Told after each event of which all copies are answered. */
  readonly onProgress: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Connections at most. */
const LANES = 200;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;
const COPY_WITHIN_MS = 1_000;

/**
 * Posts events, those of one thing one after the other, each until it is acknowledged or refused for good; resolves to every answer. Where
 * the listener asks to come again, it is done as providers do. A stop ends it early.
 */
export async function sendEvents(groups: readonly (readonly DrillEvent[])[], options: SendOptions): Promise<readonly DrillAnswer[]> {
  const { url, secret, provider, copies, ratePerS, insistMs, random, now, onProgress, signal } = options;
  const answers: DrillAnswer[] = [];
  const startedAt = performance.now();
  const pause = (ms: number): Promise<void> => sleep(Math.max(0, ms), undefined, { signal }).catch(() => undefined); // stopped: loops look at the signal
  let done = 0;

  const insist = async (eventId: string, webhook: SignedWebhook): Promise<void> => {
    const untilMs = performance.now() + insistMs;
    for (let tries = 0; !signal.aborted; tries += 1) {
      const answer = await postWebhook(url, webhook, signal);
      if (signal.aborted) return;
      answers.push(toDrillAnswer(eventId, answer));
      const waitMs = Math.max(retryAfterMsOf(answer), Math.min(FIRST_RETRY_MS * 2 ** tries, LAST_RETRY_MS));
      if (!isPassing(answer) || performance.now() + waitMs > untilMs) return;
      await pause(waitMs);
    }
  };
  const deliver = async ({ id, body }: DrillEvent): Promise<void> => {
    const webhook = signWebhook({ provider, headers: { 'Content-Type': 'application/json' }, body, secret, now: now() });
    const atOnce = Math.ceil(copies / 2);
    await Promise.all(Array.from({ length: 1 + atOnce }, () => insist(id, webhook)));
    for (let copy = atOnce; copy < copies && !signal.aborted; copy += 1) {
      await pause(random() * COPY_WITHIN_MS);
      await insist(id, webhook);
    }
  };

  await inTurns(withPlaces(groups), {
    atOnce: Math.max(1, Math.floor(LANES / (1 + Math.ceil(copies / 2)))),
    async work({ group, before }) {
      if (ratePerS !== null) await pause(startedAt + (before * 1_000) / ratePerS - performance.now());
      for (const event of group) if (!signal.aborted) await deliver(event);
      return group.length;
    },
    onResult: (count) => onProgress((done += count)),
  });
  return answers;
}

/** Each group with how many events are sent before it. */
function withPlaces(
  groups: readonly (readonly DrillEvent[])[],
): readonly { readonly group: readonly DrillEvent[]; readonly before: number }[] {
  let before = 0;
  return groups.map((group) => {
    const placed = { group, before };
    before += group.length;
    return placed;
  });
}

/** Whether a provider would come again: nothing was answered, or it was asked to. */
function isPassing(answer: WebhookAnswer): boolean {
  if (answer.kind === 'unreachable') return true;
  return !isSuccess(answer.httpStatus) && (answer.httpStatus >= 500 || answer.httpStatus === 408 || answer.httpStatus === 429);
}

function retryAfterMsOf(answer: WebhookAnswer): number {
  return answer.kind === 'answered' ? (answer.retryAfterMs ?? 0) : 0;
}

function toDrillAnswer(eventId: string, answer: WebhookAnswer): DrillAnswer {
  if (answer.kind === 'unreachable') return { eventId, httpStatus: null, status: null, code: answer.reason, tookMs: answer.durationMs };
  const { httpStatus, status, code, durationMs } = answer;
  return { eventId, httpStatus, status, code, tookMs: durationMs };
}
