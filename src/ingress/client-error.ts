import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';

import type { ErrorCode } from '../contracts/errors.ts';
import type { Exchange, Exchanges } from './exchange.ts';
import type { Refuse } from './refuse.ts';
import { toRefusedAnswer } from './reply.ts';
import type { Answer } from './reply.ts';

/** What happens to a connection on which something came that is not HTTP, or came too slowly. */
export type ClientErrorHandler = (error: Error & { readonly code?: string }, socket: Socket) => void;

const LINGER_MS = 500; // time for the answer to reach a sender that is still sending, before the connection is cut

/**
 * Builds the handler of Node's `clientError`: 408, 431 or 400 with a body, and the process goes on. Where the bytes belong to
 * a request of a known source it is refused with its row, in its turn; garbage behind a whole request never spoils that
 * request's answer. A request that is whole by the time that Node has read what had come when its time was over is served. A connection
 * that never sent a byte is closed without a word, since a pooled one would take it for a reply.
 */
export function createClientErrorHandler({
  exchanges,
  refuse,
  count,
  retryAfterSeconds,
}: {
  readonly exchanges: Exchanges;
  readonly refuse: Refuse;
  readonly count: (code: ErrorCode) => void;
  readonly retryAfterSeconds: () => number;
}): ClientErrorHandler {
  const ending = new WeakSet<Socket>();

  return (error, socket) => {
    if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT') return giveUp(error, socket);
    // this process may be what was late: Node looks at its clock before it reads what has come meanwhile
    const before = newestComplete(socket);
    setImmediate(() => {
      const newest = newestComplete(socket);
      if (newest === undefined || newest === before) giveUp(error, socket);
    });
  };

  function newestComplete(socket: Socket): Exchange | undefined {
    const newest = exchanges.newestOf(socket);
    return newest?.isComplete() === true ? newest : undefined;
  }

  function giveUp(error: Error & { readonly code?: string }, socket: Socket): void {
    if (ending.has(socket)) return;
    if (socket.destroyed || error.code === 'ECONNRESET' || socket.bytesRead === 0) {
      socket.destroy();
      return;
    }
    const code = toCode(error.code);
    const exchange = exchanges.newestOf(socket);
    if (exchange !== undefined && !exchange.isComplete()) {
      if (exchange.isAnswered()) end(socket, ''); // a second answer would be taken for that to the next request
      else exchange.answer(refuse.now(exchange.arrival, { code, detail: error.code ?? '' }), { last: true });
      return;
    }
    count(code);
    if (exchanges.waitingOf(socket) > 0) exchanges.closeAfterNext(socket);
    else end(socket, toBytes(toRefusedAnswer(code, { retryAfterSeconds: retryAfterSeconds() })));
  }

  function end(socket: Socket, bytes: string): void {
    ending.add(socket);
    if (socket.writable) socket.end(bytes);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }
}

function toCode(code: string | undefined): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request.timeout';
  if (code === 'HPE_HEADER_OVERFLOW') return 'request.headersTooLarge';
  return code === 'HPE_INVALID_EOF_STATE' ? 'request.aborted' : 'request.malformed';
}

function toBytes({ status, headers, body }: Answer): string {
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body ?? '')), connection: 'close' });
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`;
}
