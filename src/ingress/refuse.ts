import { HooklineError } from '../contracts/errors.ts';
import { sha256 } from '../contracts/ids.ts';
import type { InboxDelivery, Refusal } from '../contracts/inbox.ts';
import { NO_METER, type Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import type { DeliveryHeaders, Source } from '../contracts/webhook.ts';
import type { DeliveryTraces } from './delivery-traces.ts';
import type { RefusalReason } from './head.ts';
import { statusOf, toRefusedAnswer } from './reply.ts';
import type { Answer } from './reply.ts';
import { toSafeError } from './safe-error.ts';
import { toStoredHeaders } from './stored-headers.ts';
import { withCommitDeadline } from './with-deadline.ts';

/** A request that has reached a known source, before its body is judged. */
export interface Arrival {
  readonly source: Source;
  readonly headers: DeliveryHeaders;
  readonly remoteAddress: string | null;
  /** The whole URL that it was posted to, as its sender may have signed it. */
  readonly url: string;
  /** When its head was complete; the duration in the log counts from here. */
  readonly startedAt: Date;
}

/** Where refusals become rows. */
export interface RefusalRecords {
  /** Of a sender that is not verified: never waits, capped. */
  record(refusal: Refusal): void;
  /** Of a signed but malformed delivery: resolves after the commit. */
  recordVerified(refusal: Refusal): Promise<void>;
}

/** What the refusing half of the pipeline needs. */
export interface RefuseDependencies {
  /** Which headers each provider reads beside those that are always kept. */
  readonly providers: readonly { readonly name: string; readonly headers?: readonly string[] }[];
  readonly refusals: RefusalRecords;
  readonly log: Log;
  /** @default measures nothing */
  readonly meter?: Meter | undefined;
  /** @default traces nothing */
  readonly traces?: DeliveryTraces | undefined;
  readonly now: () => Date;
  readonly newUuid: () => string;
  /** Seconds after which a sender may come again. */
  readonly retryAfterSeconds: () => number;
  /** A row that takes longer to commit is a failure. */
  readonly commitTimeoutMs: number;
}

/** Turns an arrival down: one row, one log line, one answer. */
export interface Refuse {
  /** Of a sender that is not verified, or for a fault of ours: nothing of the body is kept, and nothing is waited for. Never throws. */
  now(arrival: Arrival, reason: RefusalReason, facts?: { readonly body?: Uint8Array; readonly error?: unknown }): Answer;
  /** Of a verified sender: answers after its row, body included, is committed; rejects with a `HooklineError` where it was not. */
  afterCommit(arrival: Arrival, reason: RefusalReason, body: Uint8Array): Promise<Answer>;
  /** Of a verified sender whose row the inbox itself has committed. */
  committed(arrival: Arrival, delivery: Pick<InboxDelivery, 'id' | 'body'>, reason: RefusalReason): Answer;
}

type RefusalFacts = Pick<Refusal, 'id' | 'receivedAt' | 'bodyBytes' | 'httpStatus' | 'code'>;

const NOTHING = new Uint8Array();

/** Builds the refusing half of the pipeline. */
export function createRefuse({
  providers,
  refusals,
  log,
  meter = NO_METER,
  traces,
  now,
  newUuid,
  retryAfterSeconds,
  commitTimeoutMs,
}: RefuseDependencies): Refuse {
  const headersOf = new Map(providers.map((provider) => [provider.name, provider.headers]));
  return {
    now(arrival, reason, { body = NOTHING, error } = {}) {
      const refusal = toRefusal(arrival, reason, body);
      record({ ...refusal, body: null });
      write(arrival, refusal, error);
      return toRefusedAnswer(reason.code, { retryAfterSeconds: retryAfterSeconds() });
    },
    async afterCommit(arrival, reason, body) {
      const refusal = toRefusal(arrival, reason, body);
      await withCommitDeadline(refusals.recordVerified(refusal), commitTimeoutMs).catch((error: unknown) => {
        throw error instanceof HooklineError ? error : new HooklineError('inbox.unavailable', { cause: error });
      });
      write(arrival, refusal);
      return toRefusedAnswer(reason.code, { detail: reason.detail, retryAfterSeconds: retryAfterSeconds() });
    },
    committed(arrival, { id, body }, { code, detail }) {
      write(arrival, { id, receivedAt: now(), bodyBytes: body.byteLength, httpStatus: statusOf(code), code });
      return toRefusedAnswer(code, { detail, retryAfterSeconds: retryAfterSeconds() });
    },
  };

  /** This runs in the handlers of broken connections too, where anything thrown would end the process. */
  function record(refusal: Refusal): void {
    try {
      refusals.record(refusal);
    } catch (error) {
      log.error(
        { source: refusal.source, cause: 'bug.unexpected', delivery_id: refusal.id, err: toSafeError(error) },
        'refusal not recorded',
      );
    }
  }

  function toRefusal({ source, headers, remoteAddress }: Arrival, { code, detail }: RefusalReason, body: Uint8Array): Refusal {
    return {
      id: newUuid(),
      source: source.name,
      receivedAt: now(),
      remoteAddress,
      headers: toStoredHeaders(headers, source, headersOf.get(source.provider)),
      body,
      bodySha256: sha256(body),
      bodyBytes: body.byteLength,
      httpStatus: statusOf(code),
      code,
      detail: detail === '' ? null : detail,
    };
  }

  function write(arrival: Arrival, refusal: RefusalFacts, error?: unknown): void {
    const { source, startedAt } = arrival;
    const { id, receivedAt, bodyBytes, httpStatus, code } = refusal;
    const fields = {
      source: source.name,
      provider: source.provider,
      outcome: 'refused',
      cause: code,
      http_status: httpStatus,
      size_bytes: bodyBytes,
      duration_s: Math.max(0, receivedAt.getTime() - startedAt.getTime()) / 1_000,
      delivery_id: id,
      ...(error === undefined ? {} : { err: toSafeError(error) }),
    };
    meter.count('hookline_ingress_deliveries_total', { source: source.name, outcome: 'refused', cause: code });
    traces?.refused(arrival, refusal);
    if (httpStatus >= 500) log.error(fields, 'delivery refused');
    else log.warn(fields, 'delivery refused');
  }
}
