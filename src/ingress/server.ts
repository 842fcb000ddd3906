import type { AddressInfo } from 'node:net';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { HooklineError } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import { NO_METER, type Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import type { Tracer } from '../contracts/tracing.ts';
import type { Source } from '../contracts/webhook.ts';
import { createAddressList, createFindClient, toIpAddress } from './allow-list.ts';
import { createClientErrorHandler } from './client-error.ts';
import { createConnectionFuse } from './connection-fuse.ts';
import { createDeliveryTraces } from './delivery-traces.ts';
import { createDrain } from './drain.ts';
import { createExchanges, send } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { mayBeFollowed, refuseAddress, refuseByHead, tooLarge } from './head.ts';
import { toDeliveryHeaders } from './headers.ts';
import { createHttpServer } from './http-server.ts';
import { toHandshakeCause } from './handshake-cause.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { IngressLimits } from './limits.ts';
import { toListenerUrl, toRequestUrl } from './listener-url.ts';
import { createReceive } from './receive.ts';
import type { DeliveryInbox, Interpret, RunStarter, Verifier } from './receive.ts';
import { createRefuse } from './refuse.ts';
import type { RefusalRecords } from './refuse.ts';
import { toRefusedAnswer } from './reply.ts';
import { createTlsFiles, toTlsPaths } from './tls-files.ts';

/** What the public listener is made of. */
export interface IngressDependencies {
  readonly sources: readonly Source[];
  /** The proxies in front, as addresses and CIDR ranges: their `X-Forwarded-For` is believed, nobody else's. @default none */
  readonly trustProxy?: readonly string[];
  /** Certificate and key; without them it speaks plain HTTP. */
  readonly tls?: Parameters<typeof toTlsPaths>[0];
  /** Where providers reach it; some sign it. @default its own address */
  readonly publicUrl?: string | undefined;
  readonly providers: readonly Verifier[];
  readonly interpret: Interpret;
  readonly inbox: DeliveryInbox;
  readonly refusals: RefusalRecords;
  readonly starter: RunStarter;
  /** @default DEFAULT_LIMITS, each one by itself */
  readonly limits?: Partial<IngressLimits>;
  readonly log: Log;
  /** @default measures nothing */
  readonly meter?: Meter;
  /** @default traces nothing */
  readonly tracer?: Tracer | undefined;
  readonly now: () => Date;
  readonly newUuid: () => string;
  /** 0 to 1; spreads `Retry-After` over as much again, so that senders do not all come back at once. @default none */
  readonly random?: () => number;
}

/** The public listener. */
export interface Ingress {
  /** Listens; port 0 takes a free one. Rejects with `stack.portTaken`. */
  listen(at: { readonly host: string; readonly port: number }): Promise<{ readonly port: number }>;
  /** Ends in order: see `createDrain`. Idle senders do not hold it up. */
  drain(): Promise<void>;
  /** Ends at once. */
  close(): Promise<void>;
  /** What reached no source, since the start, by code: counted, and nothing stored. */
  counts(): Readonly<Partial<Record<ErrorCode, number>>>;
  readonly server: FastifyInstance['server'];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where the request has reached a known source. */
    exchange: Exchange | null;
  }
}

const NO_BODY = Buffer.alloc(0);
/** Where a metric names a source, and there is none: no source can be called so. */
const NO_SOURCE = '-';

/**
 * Builds the public listener: `POST /webhooks/:source` over HTTP/1.1, raw bytes, every limit of `IngressLimits`. Each request
 * of a known source is a row and gets a JSON answer; what is bad never becomes a 5xx, and nothing that a sender can do ends
 * the process. Neither `Host` nor `X-Forwarded-*` is believed, but for the `X-Forwarded-For` of trusted proxies. A sender that is
 * not on its source's list is refused by its head; one that is must still sign. Throws `settings.wrong` for a source whose
 * provider is not there, and for a certificate that cannot be served.
 */
export function createIngress({
  sources,
  trustProxy = [],
  tls: tlsSettings,
  publicUrl,
  providers,
  interpret,
  inbox,
  refusals,
  starter,
  limits: given = {},
  log,
  meter = NO_METER,
  tracer,
  now,
  newUuid,
  random = () => 0,
}: IngressDependencies): Ingress {
  const limits: IngressLimits = { ...DEFAULT_LIMITS, ...given };
  const byName = new Map(sources.map((source) => [source.name, source]));
  for (const { name, provider } of sources) {
    if (providers.some((known) => known.name === provider)) continue;
    throw new HooklineError('settings.wrong', {
      expected: `one of ${providers.map((known) => known.name).join(', ')}`,
      got: provider,
      where: `sources.${name}.provider`,
    });
  }
  const allowed = new Map(sources.map(({ name, allow }) => [name, allow && createAddressList(allow)]));
  const findClient = createFindClient(trustProxy);
  const counted = new Map<ErrorCode, number>();
  const retryAfterSeconds = (): number => Math.round(limits.retryAfterSeconds * (1 + random()));
  const traces = createDeliveryTraces(tracer);
  const refuse = createRefuse({
    providers,
    refusals,
    log,
    meter,
    traces,
    now,
    newUuid,
    retryAfterSeconds,
    commitTimeoutMs: limits.commitTimeoutMs,
  });
  const receive = createReceive({
    providers,
    interpret,
    inbox,
    starter,
    refuse,
    log,
    meter,
    traces,
    now,
    newUuid,
    commitTimeoutMs: limits.commitTimeoutMs,
  });
  const exchanges = createExchanges({ isDraining: () => drain.isDraining(), requestsPerSocket: limits.requestsPerSocket });
  const paths = tlsSettings && toTlsPaths(tlsSettings);
  const tls = paths && createTlsFiles({ paths, log, now, everyMs: limits.certificateCheckMs });
  if (tls !== undefined)
    meter.watch('hookline_ingress_certificate_expiry_timestamp_seconds', () => [
      { labels: {}, value: tls.facts().validTo.getTime() / 1_000 },
    ]);
  let ownUrl = '';
  const app = createHttpServer({
    limits,
    tls,
    onClientError: createClientErrorHandler({ exchanges, refuse, count, retryAfterSeconds }),
    onHandshakeError: (error) => meter.count('hookline_ingress_handshake_failures_total', { cause: toHandshakeCause(error.code) }),
    onBadUrl: (request, reply) => {
      exchanges.end(request.raw.socket); // its headers are not looked at
      answerNotFound(request, reply, { last: true });
    },
  });
  const fuse = createConnectionFuse({ server: app.server, limit: limits.connections, log, now });
  const drain = createDrain({ server: app.server, stopListening: () => app.close(), limits });

  app.decorateRequest('exchange', null);
  app.addHook('onRequest', onHead);
  app.all<{ Params: { source: string } }>('/webhooks/:source', { bodyLimit: limits.bodyBytes }, onBody);
  app.setErrorHandler(onError);

  return {
    async listen({ host, port }) {
      await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port }).catch((error: unknown) => {
        const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
        throw isTaken ? new HooklineError('stack.portTaken', { got: `${host}:${port}`, cause: error }) : error;
      });
      const bound = (app.server.address() as AddressInfo).port; // a TCP listener has no other kind of address
      ownUrl = toListenerUrl({ host, port: bound, tls: tls !== undefined });
      return { port: bound };
    },
    drain: () => drain.drain().finally(() => tls?.close()),
    close: () => drain.close().finally(() => tls?.close()),
    counts: () => Object.fromEntries(counted),
    server: app.server,
  };

  /** Runs before a byte of the body is read; answers whatever the head alone can decide. */
  function onHead(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
    const { raw } = request;
    if (exchanges.hasEnded(raw.socket)) {
      void reply.hijack(); // never answered: the connection closes after the answer before
      return;
    }
    const headers = toDeliveryHeaders(raw.rawHeaders);
    const last = !mayBeFollowed(headers);
    if (last) exchanges.end(raw.socket);
    const source = request.is404 ? undefined : byName.get((request.params as { source: string }).source); // the only route has this parameter
    if (source === undefined) {
      answerNotFound(request, reply, { last });
      return;
    }
    const peer = raw.socket.remoteAddress;
    const client = findClient(peer, headers);
    const remoteAddress = (client ?? toIpAddress(peer ?? ''))?.text ?? null;
    const arrival = { source, headers, remoteAddress, startedAt: now(), url: toRequestUrl(publicUrl ?? ownUrl, raw.url ?? '') };
    const exchange = exchanges.open(arrival, request, reply);
    request.exchange = exchange;
    const isAllowed = allowed.get(source.name)?.(client) ?? true;
    const reason = isAllowed
      ? refuseByHead({ method: request.method, httpVersion: raw.httpVersion, headers }, limits)
      : refuseAddress(client);
    if (reason !== undefined) {
      exchange.answer(refuse.now(arrival, reason));
      return;
    }
    delete raw.headers['content-type']; // Fastify refuses one that it cannot parse; to us the body is bytes whatever it is called
    next();
  }

  async function onBody(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { exchange, body } = request;
    if (exchange === null) throw new HooklineError('bug.unexpected', { expected: 'an exchange', where: 'a routed request' });
    const answer = await receive(exchange.arrival, Buffer.isBuffer(body) ? body : NO_BODY);
    if (answer.status === 200) fuse.trust(request.raw.socket);
    exchange.answer(answer);
    return reply;
  }

  /** Everything between head and body that went wrong: too large, broken off, or a bug of ours. */
  function onError(error: Error & { readonly code?: string }, request: FastifyRequest, reply: FastifyReply): void {
    const { exchange, raw } = request;
    if (exchange === null) return answerNotFound(request, reply);
    if (exchange.isAnswered()) return; // the connection's error came first, and its answer is out
    const { arrival } = exchange;
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      exchange.answer(refuse.now(arrival, { code: 'request.tooLarge', detail: tooLarge(limits.bodyBytes, 'more') }));
    } else if (!raw.complete) {
      exchange.answer(refuse.now(arrival, { code: 'request.aborted', detail: '' }));
    } else {
      exchange.answer(refuse.now(arrival, { code: 'bug.unexpected', detail: '' }, { error }));
    }
  }

  function answerNotFound(_request: FastifyRequest, reply: FastifyReply, { last = false } = {}): void {
    count('source.unknown');
    send(reply, toRefusedAnswer('source.unknown', { retryAfterSeconds: 0 }), { close: last || drain.isDraining() });
  }

  function count(code: ErrorCode): void {
    counted.set(code, (counted.get(code) ?? 0) + 1);
    meter.count('hookline_ingress_deliveries_total', { source: NO_SOURCE, outcome: 'refused', cause: code });
  }
}
