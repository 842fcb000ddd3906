import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { MODES, WITHOUT_REPLY, type BeforeStep, type IoCall, type IoGate, type IoProxy, type Role } from '../io-call.ts';

/** Options of `startHttpProxy`. */
export interface HttpProxyOptions {
  readonly port: number;
  readonly role: Role;
  /** What the calls are named by. */
  readonly name: string;
  /** Whether a connect is a call as well: then there is one for each request. */
  readonly connects: boolean;
  readonly gate: IoGate;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Starts a proxy before a port of loopback that passes whole requests and whole replies. */
export async function startHttpProxy(options: HttpProxyOptions): Promise<IoProxy> {
  const { role, name, connects, gate } = options;
  const connected = new WeakMap<Socket, { readonly group: string; readonly step: Promise<BeforeStep> }>();
  let connections = 0;

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { group, step: connecting } = connected.get(request.socket) ?? { group: '', step: Promise.resolve('pass' as const) };
    const body = await readAll(request);
    if ((await connecting) !== 'pass') return;
    response.shouldKeepAlive = !connects;
    const head = `${request.method ?? ''} ${request.url ?? ''} ${JSON.stringify(request.headers)}`;
    const call: IoCall = { role, name, group, request: Buffer.concat([Buffer.from(head), body]), modes: MODES };
    const before = await gate.before(call);
    if (before === 'cut') return void request.socket.resetAndDestroy();
    if (before === 'hang') return;
    const reply = before === 'refuse' ? NOT_NOW : await forward(options.port, request, body);
    const after = before === 'refuse' ? 'pass' : await gate.after(call, reply.body);
    if (after === 'cut') return void request.socket.resetAndDestroy();
    if (after === 'hang') return;
    response.writeHead(reply.status, reply.headers).end(reply.body);
  };
  const server = createServer((request, response) => void take(request, response).catch(() => request.socket.resetAndDestroy()));
  server.on('connection', (socket) => {
    connections += 1;
    const group = `${role} ${name} ${connections}`;
    const call: IoCall = { role, name: `${name} connect`, group, request: Buffer.alloc(0), modes: WITHOUT_REPLY };
    const step = connects ? gate.before(call) : Promise.resolve('pass' as const);
    connected.set(socket, { group, step });
    void step.then((one) => one === 'cut' && socket.resetAndDestroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    thaw: () => {}, // what hangs here keeps nothing busy on the other side
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const NOT_NOW: Reply = { status: 503, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"error":"torture"}') };

async function forward(port: number, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Reply> {
  const forwarded = send({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
  forwarded.end(body);
  const [response] = (await once(forwarded, 'response')) as [IncomingMessage]; // the event's one argument
  // whole, so that neither its length nor its connection is the other side's any more
  const { connection: _connection, 'transfer-encoding': _encoding, 'content-length': _length, ...kept } = response.headers;
  return { status: response.statusCode ?? 502, headers: kept, body: await readAll(response) };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // no encoding is set: bytes
  return Buffer.concat(chunks);
}
