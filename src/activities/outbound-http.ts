import { Agent, request, type Dispatcher } from 'undici';
import { EffectFailure } from './effect-failure.ts';
import { createGuardedConnector } from './guarded-connector.ts';
import { blocked, createOutboundRule } from './outbound-rule.ts';
import { retryAfterMs } from './retry-after.ts';

/** One outbound call. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the first byte to the last, in milliseconds. @default 10 seconds */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/** A 2xx answer. */
export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** At most 1 MiB. */
  readonly body: string;
}

/** The one way out over HTTP. */
export interface OutboundHttp {
  /**
   * Resolves for 2xx only. Every other outcome is an `EffectFailure`: refused for good (`http.refused`, 3xx and most 4xx),
   * to be tried again (`http.unavailable`, 408, 425, 429, 5xx, no answer), or not to be reached at all (`http.blocked`).
   */
  call(request: OutboundRequest): Promise<OutboundResponse>;
  close(): Promise<void>;
}

const CONNECT_MS = 5_000;
const BODY_LIMIT_BYTES = 1024 * 1024;
const TRY_AGAIN = new Set([408, 425, 429]);

/** Exceptions from the rule that calls reach public addresses over HTTPS only. */
export interface OutboundHttpOptions {
  /** Host names, addresses, CIDR ranges, or whole origins (`http://127.0.0.1:8790`); these may be private, and plain HTTP. */
  readonly allow: readonly string[];
  readonly now: () => Date;
}

/**
 * Calls reach public addresses over HTTPS only: the address is checked when the socket connects, so that neither a spelling
 * nor a name that resolves to a private address gets through. No redirect is followed.
 */
export function createOutboundHttp({ allow, now }: OutboundHttpOptions): OutboundHttp {
  const limits = { headersTimeout: 30_000, bodyTimeout: 30_000, maxResponseSize: BODY_LIMIT_BYTES } as const;
  const { blockList, toTarget } = createOutboundRule(allow);
  const guarded = new Agent({ ...limits, connect: createGuardedConnector({ blockList, timeoutMs: CONNECT_MS }) });
  const free = new Agent({ ...limits, connect: { timeout: CONNECT_MS } });

  return {
    async call({ method, url, headers = {}, body, timeoutMs = 10_000, signal }) {
      const { target, exempt } = toTarget(url);
      const response = await answerOf(target, {
        method,
        headers,
        body: body ?? null,
        dispatcher: exempt ? free : guarded,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      if (response.status >= 200 && response.status < 300) return response;
      const facts = { expected: 'a 2xx', got: String(response.status), where: target.origin, happened: 'no' } as const;
      if (TRY_AGAIN.has(response.status) || response.status >= 500) {
        throw new EffectFailure('http.unavailable', { ...facts, retryAfterMs: retryAfterMs(response.headers['retry-after'], now()) });
      }
      throw new EffectFailure('http.refused', facts);
    },
    close: async () => {
      await Promise.all([guarded.close(), free.close()]);
    },
  };
}

type Sending = {
  readonly method: OutboundRequest['method'];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
};

async function answerOf(target: URL, sending: Sending): Promise<OutboundResponse> {
  try {
    const { statusCode, headers, body } = await request(target, sending);
    return { status: statusCode, headers, body: await body.text() };
  } catch (error) {
    const code = codeOfSocket(error);
    if (code === 'ERR_IP_BLOCKED') throw blocked(target);
    throw new EffectFailure('http.unavailable', {
      expected: 'an answer',
      got: code,
      where: target.origin,
      happened: NEVER_SENT.has(code) ? 'no' : 'unknown',
    });
  }
}

/** Errors before any byte of the request could go out. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function codeOfSocket(error: unknown): string {
  const { code, name, cause }: { code?: unknown; name?: unknown; cause?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  if (typeof code === 'string') return code;
  return cause === undefined ? (typeof name === 'string' ? name : 'an error') : codeOfSocket(cause);
}
