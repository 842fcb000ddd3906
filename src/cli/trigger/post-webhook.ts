import { isJsonObject } from '../../contracts/json.ts';
import { toFetchFailure } from '../fetch-failure.ts';
import type { SignedWebhook } from './sign-webhook.ts';

/** What came back. */
export type WebhookAnswer =
  | {
      readonly kind: 'answered';
      readonly httpStatus: number;
      /** `accepted`, `duplicate` …, or `refused`; null where the answer is none of Hookline's. */
      readonly status: string | null;
      /** Why it was refused, as far as the sender is told. */
      readonly code: string | null;
      readonly eventId: string | null;
      /** When to come again, where the answer says so in seconds. */
      readonly retryAfterMs?: number;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'unreachable';
      readonly reason: string;
      /** What to do, where more is known than that nothing answers. */
      readonly fix?: string;
      readonly durationMs: number;
    };

/** Longer than the listener takes for anything. */
const TIMEOUT_MS = 30_000;

/** Posts a webhook and waits for the answer, 30 s at most; never rejects. */
export async function postWebhook(url: string, { headers, body }: SignedWebhook, signal?: AbortSignal): Promise<WebhookAnswer> {
  const startedAt = performance.now();
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const answer = { ...toFacts(await response.text()), ...toRetryAfter(response.headers.get('retry-after')) };
    return { kind: 'answered', httpStatus: response.status, ...answer, durationMs: performance.now() - startedAt };
  } catch (error) {
    return {
      kind: 'unreachable',
      ...toFetchFailure(error, { timeoutMs: TIMEOUT_MS, ownName: USE_ITS_NAME }),
      durationMs: performance.now() - startedAt,
    };
  }
}

function toFacts(text: string): { readonly status: string | null; readonly code: string | null; readonly eventId: string | null } {
  const { status, error, eventId } = parse(text);
  return {
    status: typeof status === 'string' ? status : typeof error === 'string' ? 'refused' : null,
    code: typeof error === 'string' ? error : null,
    eventId: typeof eventId === 'string' ? eventId : null,
  };
}

function toRetryAfter(value: string | null): { readonly retryAfterMs?: number } {
  return value !== null && /^\d{1,6}$/.test(value) ? { retryAfterMs: Number(value) * 1_000 } : {};
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

const USE_ITS_NAME = 'post to a name that stands in the certificate: `--url https://<name>:<port>`';
