import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { VendorName } from './facts.ts';
import type { Random } from './random.ts';
import type { VendorLog } from './vendor-log.ts';
import { isPerformed, nextFault, type VendorFault, type VendorMood } from './vendor-mood.ts';

/** A request that a vendor has read whole. */
export interface VendorRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly json: Readonly<Record<string, unknown>>;
}

/** What a request is about. */
export interface ReadRequest {
  readonly key: string;
  readonly about: string;
  readonly version: string | null;
}

/** A vendor that is reached over HTTP. */
export interface HttpVendor {
  readonly url: string;
  close(): Promise<void>;
}

/** Options of `startHttpVendor`. */
export interface HttpVendorOptions {
  readonly name: VendorName;
  readonly log: VendorLog;
  readonly mood: VendorMood;
  readonly random: Random;
  readonly read: (request: VendorRequest) => ReadRequest;
}

const STATUS: Readonly<Partial<Record<VendorFault, number>>> = { rateLimited: 429, refused: 422, error: 503, errorAfter: 500 };
/** No pause between two bytes is long enough to be a time-out. */
const DRIBBLE_MS = 100;
/** More than any caller of ours reads. */
const ENDLESS_CHUNK = Buffer.alloc(64 * 1024, ' ');

/** Starts a vendor on loopback: it writes what it was asked to do to its log, on disk, before it answers anything; then it has its mood. */
export async function startHttpVendor({ name, log, mood, random, read }: HttpVendorOptions): Promise<HttpVendor> {
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set: bytes
    const body = Buffer.concat(chunks);
    const json = JSON.parse(body.toString()) as VendorRequest['json']; // our product posts objects
    const fault = nextFault(mood, random);
    await log.add({
      vendor: name,
      ...read({ path: request.url ?? '', headers: request.headers, json }),
      bodySha256: createHash('sha256').update(body).digest('hex'),
      performed: isPerformed(fault),
      answer: fault ?? 'ok',
    });
    answer({ request, response, fault, mood });
  };
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer({
  request,
  response,
  fault,
  mood,
}: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: VendorFault | undefined;
  readonly mood: VendorMood;
}): void {
  const say = (): void => {
    const status = (fault === undefined ? undefined : STATUS[fault]) ?? 200;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 429 ? { 'retry-after': String(mood.retryAfterS) } : {}),
    });
    response.end('{}');
  };
  if (fault === 'silent') return;
  if (fault === 'slow') return void setTimeout(say, mood.slowMs);
  if (fault === 'resetBefore' || fault === 'resetAfter') return void request.socket.resetAndDestroy();
  if (fault === 'endless') return pour(response);
  if (fault === 'dribble') return dribble(response);
  say();
}

/** Writes a byte now and then until the other side has enough. */
function dribble(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), DRIBBLE_MS);
  response.once('close', () => clearInterval(timer));
}

/** Writes until the other side has enough. */
function pour(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed) if (!response.write(ENDLESS_CHUNK)) return void response.once('drain', more);
  };
  more();
}
