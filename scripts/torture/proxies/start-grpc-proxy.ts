import { once } from 'node:events';
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { gunzipSync } from 'node:zlib';
import { MODES, type IoCall, type IoGate, type IoProxy, type Role } from '../io-call.ts';

/** Whether it is compressed, and its length. */
const FRAME_HEAD_BYTES = 5;
/** gRPC's own codes. */
const [RESOURCE_EXHAUSTED, UNAVAILABLE] = [8, 14];

type Session = NonNullable<ServerHttp2Stream['session']>;

interface Reply {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** Undefined where the headers say how it ended. */
  readonly trailers: OutgoingHttpHeaders | undefined;
}

/** Starts a proxy before Temporal that passes whole calls and whole replies; every call of its API that we make has one of each. */
export async function startGrpcProxy({
  address,
  role,
  gate,
}: {
  readonly address: string;
  readonly role: Role;
  readonly gate: IoGate;
}): Promise<IoProxy> {
  const sessions = new Map<Session, ClientHttp2Session>();
  const upstreamOf = (session: Session): ClientHttp2Session => {
    const known = sessions.get(session);
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const upstream = connect(`http://${address}`);
    upstream.on('error', () => {});
    sessions.set(session, upstream);
    return upstream;
  };
  let calls = 0;

  const take = async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> => {
    const { session } = stream;
    if (session === undefined) return;
    calls += 1;
    const request = await readAll(stream);
    const path = headers[':path'] ?? '';
    const call: IoCall = {
      role,
      name: path.slice(path.lastIndexOf('/') + 1),
      group: `${role} grpc ${calls}`,
      request: toPlain(request),
      modes: MODES,
    };
    const before = await gate.before(call);
    if (before === 'cut') return session.destroy();
    if (before === 'hang') return;
    if (before === 'refuse') return say(stream, toStatus(RESOURCE_EXHAUSTED));
    const reply = await forward(upstreamOf(session), stream, { headers, request }).catch(() => toStatus(UNAVAILABLE));
    const after = await gate.after(call, toPlain(reply.body));
    if (after === 'cut') return session.destroy();
    if (after === 'hang') return;
    say(stream, reply);
  };
  const server = createServer();
  server.on('session', (session) => {
    session
      .on('error', () => {})
      .on('close', () => {
        sessions.get(session)?.destroy();
        sessions.delete(session);
      });
    sessions.set(session, upstreamOf(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    take(stream, headers).catch(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    thaw: () => {}, // a call that hangs keeps no connection from others
    async close() {
      server.close();
      for (const session of sessions.keys()) session.destroy();
    },
  };
}

function forward(
  upstream: ClientHttp2Session,
  stream: ServerHttp2Stream,
  { headers, request }: { readonly headers: IncomingHttpHeaders; readonly request: Buffer },
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const forwarded = upstream.request(headers);
    // a caller who has given up wants no task that comes now
    const cancel = (): void => forwarded.close(constants.NGHTTP2_CANCEL);
    stream.once('close', cancel);
    let head: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders | undefined;
    const chunks: Buffer[] = [];
    forwarded.on('response', (got) => void (head = got));
    forwarded.on('trailers', (got: IncomingHttpHeaders) => void (trailers = got));
    forwarded.on('data', (chunk: Buffer) => chunks.push(chunk));
    forwarded.on('error', reject);
    forwarded.on('close', () => {
      stream.off('close', cancel);
      if (head[':status'] === undefined) reject(new Error('closed without an answer'));
      else resolve({ headers: head, body: Buffer.concat(chunks), trailers });
    });
    forwarded.end(request);
  });
}

function say(stream: ServerHttp2Stream, { headers, body, trailers }: Reply): void {
  if (stream.destroyed) return;
  if (trailers === undefined) return stream.respond(headers, { endStream: true });
  stream.respond(headers, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

/** The one message of a call, unpacked: the worker's calls are compressed (gzip). */
function toPlain(body: Buffer): Buffer {
  const isCompressed = body[0] === 1;
  return isCompressed ? gunzipSync(body.subarray(FRAME_HEAD_BYTES)) : body;
}

function toStatus(code: number): Reply {
  const headers = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(code), 'grpc-message': 'torture' };
  return { headers, body: Buffer.alloc(0), trailers: undefined };
}

async function readAll(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // no encoding is set: bytes
  return Buffer.concat(chunks);
}
