import type { Socket } from 'node:net';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Arrival } from './refuse.ts';
import type { Answer } from './reply.ts';

/** One request to a known source, from its head to its answer. */
export interface Exchange {
  readonly arrival: Arrival;
  /** Whether the body has come in whole. */
  isComplete(): boolean;
  isAnswered(): boolean;
  /** Sends the answer, in its turn among pipelined ones; a second one is dropped. `last` closes the connection after it. */
  answer(answer: Answer, options?: { readonly last?: boolean }): void;
}

/** The exchanges of each connection, so that an error of a connection finds the request that it belongs to. */
export interface Exchanges {
  open(arrival: Arrival, request: FastifyRequest, reply: FastifyReply): Exchange;
  /** The one whose bytes came last; `undefined` where the connection has had none. */
  newestOf(socket: Socket): Exchange | undefined;
  /** How many of a connection still wait for their answer. */
  waitingOf(socket: Socket): number;
  /** Has the connection closed after its next answer. */
  closeAfterNext(socket: Socket): void;
  /** Takes the request that is about to be opened for a connection's last: its answer closes it, and what comes behind it is no request. */
  end(socket: Socket): void;
  hasEnded(socket: Socket): boolean;
}

interface Connection {
  newest: Exchange | undefined;
  waiting: number;
  requests: number;
  closing: boolean;
  ended: boolean;
}

/**
 * Builds the book of exchanges; connections that are gone leave it by themselves. The last of `requestsPerSocket` closes its
 * connection: Node says so in its reply but leaves the connection open, and answers what still comes with an empty 503.
 */
export function createExchanges({
  isDraining,
  requestsPerSocket,
}: {
  readonly isDraining: () => boolean;
  readonly requestsPerSocket: number;
}): Exchanges {
  const connections = new WeakMap<Socket, Connection>();

  return {
    open(arrival, request, reply) {
      const connection = connectionOf(request.raw.socket);
      connection.waiting += 1;
      connection.requests += 1;
      const isLast = connection.ended || connection.requests >= requestsPerSocket;
      let answered = false;
      connection.newest = {
        arrival,
        isComplete: () => request.raw.complete,
        isAnswered: () => answered,
        answer(answer, { last = false } = {}) {
          if (answered) return;
          answered = true;
          connection.waiting -= 1;
          send(reply, answer, { close: last || isLast || connection.closing || isDraining() });
        },
      };
      return connection.newest;
    },
    newestOf: (socket) => connections.get(socket)?.newest,
    waitingOf: (socket) => connections.get(socket)?.waiting ?? 0,
    closeAfterNext(socket) {
      connectionOf(socket).closing = true;
    },
    end(socket) {
      connectionOf(socket).ended = true;
    },
    hasEnded: (socket) => connections.get(socket)?.ended === true,
  };

  function connectionOf(socket: Socket): Connection {
    const known = connections.get(socket);
    if (known !== undefined) return known;
    const connection: Connection = { newest: undefined, waiting: 0, requests: 0, closing: false, ended: false };
    connections.set(socket, connection);
    return connection;
  }
}

/**
 * Sends one answer. A connection with an unread body stays open unless `close` says otherwise: closing it at once would reset
 * it, and the sender would see a broken pipe instead of the answer; Node reads the rest into nothing, under `requestTimeout`.
 */
export function send(reply: FastifyReply, { status, headers, body }: Answer, { close }: { readonly close: boolean }): void {
  void reply.code(status).headers(headers);
  if (close) void reply.header('connection', 'close');
  else if (reply.hasHeader('connection')) void reply.removeHeader('connection'); // Fastify sets it when a body is too large
  void reply.send(body ?? undefined);
}
