import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TestCertificate } from './certificates.ts';

/** A span as it came over the wire, its attributes as one object. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 unset, 2 failed. */
  readonly status: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** Of the process. */
  readonly resource: Readonly<Record<string, string | number | boolean>>;
}

/** A collector that takes OTLP over HTTP, as JSON, and keeps all of it. */
export interface OtlpCollector {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** Everything that was posted, request by request. */
  readonly bodies: readonly string[];
  readonly requests: readonly { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  /** What it answers from now on; `hang` leaves requests without an answer. @default 200 */
  answer(with_: number | 'hang'): void;
  close(): Promise<void>;
}

/** Starts a collector on a free port, over TLS where it is given a certificate. */
export async function startOtlpCollector(tls?: TestCertificate): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const requests: { path: string; headers: Readonly<Record<string, unknown>> }[] = [];
  let status: number | 'hang' = 200;
  const listener: RequestListener = (request, response) => {
    void buffer(request).then((bytes) => {
      const body = bytes.toString();
      requests.push({ path: request.url ?? '', headers: request.headers });
      bodies.push(body);
      if (status === 'hang') return;
      if (status === 200) spans.push(...toSpans(JSON.parse(body) as Export)); // the form of OTLP/JSON
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  };
  const server =
    tls === undefined ? createServer(listener) : createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo; // a TCP listener has no other kind of address
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${bound}`,
    spans,
    bodies,
    requests,
    answer(with_) {
      status = with_;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
    readonly boolValue?: boolean;
  };
}

interface ExportedSpan extends Pick<CollectedSpan, 'traceId' | 'spanId' | 'name' | 'kind'> {
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
  readonly attributes: readonly Attribute[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
  }[];
}

function toSpans({ resourceSpans }: Export): readonly CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, status, attributes, links }) => ({
        traceId,
        spanId,
        parentSpanId,
        name,
        kind,
        startMs: Number(startTimeUnixNano) / 1e6,
        endMs: Number(endTimeUnixNano) / 1e6,
        status: status.code,
        attributes: toObject(attributes),
        links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
        resource: toObject(resource.attributes),
      })),
    ),
  );
}

function toObject(attributes: readonly Attribute[]): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue)]),
  );
}
