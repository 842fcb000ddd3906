import { errorTable } from '../contracts/error-table.ts';
import { HooklineError, codeOf } from '../contracts/errors.ts';
import type { ErrorCode, ErrorEntry } from '../contracts/errors.ts';
import { sha256 } from '../contracts/ids.ts';
import type { InboxDelivery, InboxOutcome, InterpretedEvent } from '../contracts/inbox.ts';
import { NO_METER, type Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import type { IncomingRequest, Source } from '../contracts/webhook.ts';
import type { Diagnosable } from '../providers/_diagnose.ts';
import type { ProviderDefinition } from '../providers/define-provider.ts';
import type { DeliveryTrace, DeliveryTraces } from './delivery-traces.ts';
import { createExplain } from './explain-refusal.ts';
import { createRateLimit } from './rate-limit.ts';
import type { Arrival, Refuse } from './refuse.ts';
import { toCommittedAnswer, withRetryAfter, worstOutcome } from './reply.ts';
import type { Answer } from './reply.ts';
import { toStoredHeaders } from './stored-headers.ts';
import { withCommitDeadline } from './with-deadline.ts';

/** What the pipeline needs of a provider. */
export type Verifier = Diagnosable & Partial<Pick<ProviderDefinition, 'headers'>>;

/** Turns a verified request into its events: identified, mapped, projected, routed or held. Waits for nothing; throws only for bugs. */
export type Interpret = (
  request: IncomingRequest,
  source: Source,
) =>
  | { readonly ok: true; readonly events: readonly InterpretedEvent[] }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string };

/** Where verified deliveries become durable. */
export interface DeliveryInbox {
  /** Resolves after the commit; rejects with `inbox.unavailable` or `inbox.full`. */
  add(delivery: InboxDelivery): Promise<readonly InboxOutcome[]>;
}

/** Who starts what the inbox holds. */
export interface RunStarter {
  /** Says that there is something to start; costs nothing and may be missed. */
  nudge(): void;
}

/** What the pipeline is made of. */
export interface ReceiveDependencies {
  readonly providers: readonly Verifier[];
  readonly interpret: Interpret;
  readonly inbox: DeliveryInbox;
  readonly starter: RunStarter;
  readonly refuse: Refuse;
  readonly log: Log;
  /** @default measures nothing */
  readonly meter?: Meter | undefined;
  /** @default traces nothing */
  readonly traces?: DeliveryTraces | undefined;
  readonly now: () => Date;
  readonly newUuid: () => string;
  /** A commit that takes longer is answered 503. */
  readonly commitTimeoutMs: number;
}

/** Takes one whole request of a known source to its answer. Never rejects. */
export type Receive = (arrival: Arrival, body: Uint8Array) => Promise<Answer>;

/**
 * Builds the way of one webhook: verify the bytes, then parse them, then commit, then answer. A 2xx leaves only after the
 * commit; a sender's fault is a 4xx with its row; whatever fails on our side is 503, so that the provider sends it again.
 * A commit that comes after its deadline stands all the same: the resend is then a duplicate. The source's rate limit is asked
 * once the signature is right, so that nobody else can use it up.
 */
export function createReceive({
  providers,
  interpret,
  inbox,
  starter,
  refuse,
  log,
  meter = NO_METER,
  traces,
  now,
  newUuid,
  commitTimeoutMs,
}: ReceiveDependencies): Receive {
  const verifiers = new Map(providers.map((provider) => [provider.name, provider]));
  const explain = createExplain({ providers, now });
  const limitRate = createRateLimit(now);

  return async (arrival, body) => {
    try {
      return await receive(arrival, body);
    } catch (error) {
      return fail(arrival, body, error);
    }
  };

  async function receive(arrival: Arrival, body: Uint8Array): Promise<Answer> {
    const { source, headers, url } = arrival;
    const request: IncomingRequest = { headers, body, receivedAt: now(), url };
    const trace = traces?.begin(arrival, request.receivedAt);
    const { secrets, options } = source;
    const provider = verifierOf(source);
    const context = { secrets, now: request.receivedAt, toleranceSeconds: options.toleranceSeconds };
    const verdict = provider.verify(request, context);
    trace?.ended('verify');
    if (!verdict.ok) return refuse.now(arrival, { code: verdict.code, detail: explain({ provider, request, context, verdict }) }, { body });
    const rate = limitRate(source);
    if (!rate.ok) {
      const reason = { code: 'source.rateLimited', detail: sayLimit(source) } as const;
      return withRetryAfter(refuse.now(arrival, reason, { body }), rate.retryAfterSeconds);
    }

    const interpreted = interpret(request, source);
    trace?.ended('interpret');
    if (!interpreted.ok) return await refuse.afterCommit(arrival, interpreted, body);

    const delivery: InboxDelivery = {
      id: newUuid(),
      source: source.name,
      provider: source.provider,
      receivedAt: request.receivedAt,
      remoteAddress: arrival.remoteAddress,
      headers: toStoredHeaders(headers, source, provider.headers),
      body,
      bodySha256: sha256(body),
      sameBody: sameBodyOf(source, interpreted.events),
      secretIndex: verdict.secretIndex,
      events: interpreted.events.map((event) => ({ ...event, uuid: newUuid() })),
    };
    const outcomes = await withCommitDeadline(commit(delivery, trace), commitTimeoutMs);
    const replayed = outcomes.find(({ outcome }) => outcome === 'refused');
    if (replayed !== undefined) return refuse.committed(arrival, delivery, { code: 'event.bodyReplayed', detail: sayReplayed(replayed) });
    write(arrival, delivery, outcomes);
    return toCommittedAnswer(outcomes);
  }

  async function commit(delivery: InboxDelivery, trace: DeliveryTrace | undefined): Promise<readonly InboxOutcome[]> {
    const outcomes = await inbox.add(delivery);
    trace?.committed(delivery, outcomes, { commitTimeoutMs });
    if (outcomes.some(({ outcome, repairing }) => outcome === 'accepted' || repairing)) starter.nudge();
    return outcomes;
  }

  function verifierOf({ name, provider }: Source): Verifier {
    const verifier = verifiers.get(provider);
    if (verifier === undefined)
      throw new HooklineError('bug.unexpected', { expected: 'a provider of the catalogue', where: `source \`${name}\`` });
    return verifier;
  }

  function fail(arrival: Arrival, body: Uint8Array, error: unknown): Answer {
    const code = codeOf(error);
    const { status = 0, retryable }: ErrorEntry = errorTable[code];
    const passing = retryable ? 'inbox.unavailable' : 'bug.unexpected'; // one of the store's own, or a code that has no business here
    const ours = status >= 500 ? code : passing;
    return refuse.now(arrival, { code: ours, detail: '' }, { body, error });
  }

  function write({ source, startedAt }: Arrival, delivery: InboxDelivery, outcomes: readonly InboxOutcome[]): void {
    const [first] = delivery.events;
    const outcome = worstOutcome(outcomes);
    const cause = causeOf(first, outcomes);
    const durationSeconds = Math.max(0, now().getTime() - startedAt.getTime()) / 1_000;
    meter.count('hookline_ingress_deliveries_total', { source: source.name, outcome, cause: cause ?? '' });
    meter.observe('hookline_ingress_ack_duration_seconds', {}, durationSeconds);
    meter.observe('hookline_ingress_body_bytes', {}, delivery.body.byteLength);
    log.info(
      {
        source: source.name,
        provider: source.provider,
        provider_type: first?.providerType,
        event_id: first?.eventId,
        event_type: first?.type,
        event_uuid: outcomes[0]?.eventUuid,
        outcome,
        cause,
        http_status: 200,
        size_bytes: delivery.body.byteLength,
        duration_s: durationSeconds,
        delivery_id: delivery.id,
        ...(delivery.events.length > 1 ? { count: delivery.events.length } : {}),
      },
      'delivery received',
    );
  }
}

/** Only an id that no signature covers can be changed by who holds a captured request. */
function sameBodyOf({ options }: Source, events: readonly InterpretedEvent[]): 'flag' | 'refuse' | undefined {
  const { sameBody = 'flag' } = options;
  return sameBody !== 'allow' && events.some(({ idUnsigned }) => idUnsigned === true) ? sameBody : undefined;
}

/** What an operator should hear of beside the outcome. A hold says nothing of a duplicate, which it has not touched. */
function causeOf(first: InterpretedEvent | undefined, outcomes: readonly InboxOutcome[]): ErrorCode | undefined {
  const isDuplicate = outcomes[0]?.outcome === 'duplicate';
  if (first !== undefined && first.code !== null && !(isDuplicate && first.state === 'held')) return first.code;
  return outcomes.some(({ sameBodyAs }) => sameBodyAs !== undefined) ? 'event.sameBody' : undefined;
}

function sayLimit({ rateLimit }: Source): string {
  return `expected at most ${rateLimit?.perSecond} deliveries/s, and ${rateLimit?.burst} at once`;
}

function sayReplayed({ sameBodyAs = '' }: InboxOutcome): string {
  return `the body is that of event ${sameBodyAs}`;
}
