import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

/** One answer as it came over the wire. */
export interface RawResponse {
  readonly status: number;
  /** Names in lower case; of a doubled header the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A connection on which a test says exactly the bytes it wants to say. */
export interface RawConnection {
  readonly socket: Socket;
  send(bytes: string | Uint8Array): void;
  /** The next answer, in order. Rejects when the connection closes before a whole one has come. */
  response(): Promise<RawResponse>;
  /** Resolves when the connection has closed, with what had come and was not asked for. */
  closed(): Promise<string>;
  destroy(): void;
}

/** A request that a test writes by hand. */
export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  /** In order, doubled ones too. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}

/** Opens a connection to a server on this machine. */
export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const connection = wrapRaw(socket);
  await once(socket, 'connect');
  return connection;
}

/** Opens a connection under TLS; rejects with the client's error where the handshake fails. */
export async function openRawTls(
  port: number,
  options: Omit<ConnectionOptions, 'port'> = {},
): Promise<RawConnection & { readonly socket: TLSSocket }> {
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ...options });
  const connection = wrapRaw(socket);
  await once(socket, 'secureConnect');
  return { ...connection, socket };
}

function wrapRaw(socket: Socket): RawConnection {
  let received = Buffer.alloc(0);
  let isClosed = false;
  const wake = new Set<() => void>();
  const changed = (): void => {
    for (const waiting of wake) waiting();
    wake.clear();
  };
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    changed();
  });
  socket.on('error', () => undefined); // a reset is seen as the close that follows
  socket.on('close', () => {
    isClosed = true;
    changed();
  });

  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    async response() {
      for (;;) {
        const parsed = parseResponse(received);
        if (parsed !== undefined) {
          received = received.subarray(parsed.length);
          return parsed.response;
        }
        if (isClosed) throw new Error(`the connection closed after ${JSON.stringify(received.toString('latin1').slice(0, 200))}`);
        await new Promise<void>((resolve) => wake.add(resolve));
      }
    },
    async closed() {
      while (!isClosed) await new Promise<void>((resolve) => wake.add(resolve));
      return received.toString('latin1');
    },
    destroy: () => void socket.destroy(),
  };
}

/** Sends bytes on a connection of their own, and gives the first answer. */
export async function sayRaw(port: number, ...bytes: readonly (string | Uint8Array)[]): Promise<RawResponse> {
  const connection = await openRaw(port);
  try {
    for (const part of bytes) connection.send(part);
    return await connection.response();
  } finally {
    connection.destroy();
  }
}

/** Posts one request on a connection of its own. */
export function postRaw(port: number, request: RawRequest): Promise<RawResponse> {
  return sayRaw(port, toBytes(request));
}

/** The bytes of a request with `Host`, and `Content-Length` unless it gives a length or a transfer coding itself. */
export function toBytes({ method = 'POST', path, headers = [], body = '' }: RawRequest): Buffer {
  const content = Buffer.from(body);
  const framed = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const lines = [['Host', 'localhost'], ...headers, ...(framed ? [] : [['Content-Length', String(content.length)]])];
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}

/** A body in chunks of the given size, as `Transfer-Encoding: chunked` has it. */
export function toChunks(body: Uint8Array, chunkBytes: number): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += chunkBytes) {
    const chunk = body.subarray(at, at + chunkBytes);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

function parseResponse(received: Buffer): { readonly response: RawResponse; readonly length: number } | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const status = Number(statusLine.split(' ')[1]);
  const length = end + 4 + Number(headers.get('content-length') ?? 0);
  if (status === 100) {
    const final = parseResponse(received.subarray(end + 4)); // the interim answer to `Expect: 100-continue` is not the answer
    return final === undefined ? undefined : { ...final, length: final.length + end + 4 };
  }
  return received.length < length ? undefined : { response: { status, headers, body: received.toString('utf8', end + 4, length) }, length };
}
