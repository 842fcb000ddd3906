import { createHmac } from 'node:crypto';
import type { Answer } from './facts.ts';
import { SOURCE, type MadeEvent } from './make-events.ts';

/** How long a sender waits for an answer; real ones give 5 to 30 s. */
const ANSWER_MS = 10_000;

/** What came of one try, and when to come again where that was said. */
export interface Posted {
  readonly answer: Answer;
  readonly retryAfterMs: number | undefined;
}

/** Posts an event once, signed. Never throws: no answer is an outcome too. */
export async function postEvent(
  { sent, body }: MadeEvent,
  { port, secret }: { readonly port: number; readonly secret: string },
): Promise<Posted> {
  const startedAt = performance.now();
  const atMs = Date.now();
  const toAnswer = (status: number | null, told: string): Answer => ({
    eventId: sent.id,
    status,
    told,
    atMs,
    tookMs: performance.now() - startedAt,
    port,
  });
  try {
    const response = await fetch(`http://127.0.0.1:${port}/webhooks/${SOURCE}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-webhook-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      answer: toAnswer(response.status, toldIn(text)),
      retryAfterMs: Number.isFinite(retryAfterS) ? retryAfterS * 1_000 : undefined,
    };
  } catch (error) {
    return { answer: toAnswer(null, codeOf(error)), retryAfterMs: undefined };
  }
}

/** Whether the sender may forget the event. */
export function isAcknowledged({ status }: Answer): boolean {
  return status !== null && status >= 200 && status < 300;
}

function toldIn(text: string): string {
  try {
    const { status, error } = JSON.parse(text) as { readonly status?: unknown; readonly error?: unknown }; // whatever it is, only texts are taken
    return typeof status === 'string' ? status : typeof error === 'string' ? error : '';
  } catch {
    return '';
  }
}

function codeOf(error: unknown): string {
  const { code, name, cause } = error as { readonly code?: unknown; readonly name?: unknown; readonly cause?: unknown }; // thrown by `fetch`: an Error
  if (cause !== undefined && cause !== null) return codeOf(cause);
  return typeof code === 'string' ? code : String(name);
}
