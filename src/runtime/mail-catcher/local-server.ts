import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

import type { Log } from '../../contracts/names.ts';

const HOST = '127.0.0.1';
const TIMEOUT_MS = 10_000;

/** A request to a page or an API of this machine. */
export interface LocalRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** False where a browser says that a page of another origin sends it. */
  readonly sameOrigin: boolean;
  /** The body, or null where it is larger than the limit. */
  readonly body: (limitBytes: number) => Promise<Buffer | null>;
}

/** An answer; strict security headers are added. */
export interface LocalReply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running server. */
export interface LocalServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Nothing is loaded but our own style sheet and frames, nothing runs, and no other page may frame ours. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': PAGE_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * Serves pages on loopback only. A request that names another host is refused, so that a foreign site cannot read them
 * through a name that it points at this machine (DNS rebinding).
 */
export async function serveLocally({
  port = 0,
  handle,
  log,
  component,
}: {
  /** @default a free one */
  readonly port?: number | undefined;
  readonly handle: (request: LocalRequest) => Promise<LocalReply>;
  readonly log: Log;
  readonly component: string;
}): Promise<LocalServer> {
  const server = createServer({ requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS }, (request, response) => {
    void answer(request, handle)
      .catch((err: unknown) => {
        log.error({ component, err }, 'a page could not be made');
        return text(500, 'something went wrong; see the log');
      })
      .then((reply) => send(request, response, reply));
  });
  server.listen(port, HOST);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no TCP address');
  return {
    port: address.port,
    url: `http://${HOST}:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A plain-text answer. */
export function text(status: number, body: string): LocalReply {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}

/** A JSON answer. */
export function json(status: number, value: unknown): LocalReply {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

/** A page. */
export function page(status: number, document: string): LocalReply {
  return { status, type: 'text/html; charset=utf-8', body: document };
}

async function answer(request: IncomingMessage, handle: (request: LocalRequest) => Promise<LocalReply>): Promise<LocalReply> {
  const { method = 'GET', headers, url = '/' } = request;
  const host = headers.host ?? '';
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host)) return text(421, 'this server answers to 127.0.0.1 and localhost only');
  if (!URL.canParse(url, `http://${host}`)) return text(400, 'the address cannot be read');
  const { pathname, searchParams } = new URL(url, `http://${host}`);
  const { origin } = headers;
  return handle({
    method: method === 'HEAD' ? 'GET' : method,
    path: pathname,
    query: searchParams,
    headers,
    sameOrigin: origin === undefined || origin === `http://${host}`,
    body: (limitBytes) => readBody(request, limitBytes),
  });
}

/** Reads on past the limit without keeping, so that the sender gets the answer. */
async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    // no encoding is set, so chunks are buffers
    size += chunk.byteLength;
    if (size <= limitBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > limitBytes ? null : Buffer.concat(chunks);
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body, headers = {} }: LocalReply): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}
