import { connect } from 'node:net';
import type { Socket } from 'node:net';

import type { FuzzCase } from './fuzz-case.ts';
import { readAnswers } from './read-answers.ts';
import type { HeardAnswers } from './read-answers.ts';

/** What a case has heard until it ended. */
export interface Heard extends HeardAnswers {
  /** How it ended: every answer was there, the other side closed, or nothing came for too long. */
  readonly end: 'answered' | 'closed' | 'silent';
}

/** Says cases to one port. */
export interface Speaker {
  /** Says a case, and hears until all its answers are there or its connection is closed. Never rejects. */
  say(fuzz: FuzzCase): Promise<Heard>;
  /** How often bytes came over a connection on which nothing was asked, since this was read last. */
  takeUnasked(): number;
  close(): void;
}

/** Without an answer for so long a connection counts as forgotten; the ingress gives up on each far sooner. */
const SILENT_MS = 20_000;
/** A case that may be waited for in vain says that it has ended after so long. */
const QUIET_MS = 80;

/**
 * Makes a speaker. A case with a known number of answers is said over a connection that others have used before, so that whatever one
 * leaves behind spoils the next; every other case has a connection of its own.
 */
export function createSpeaker(port: number): Speaker {
  const idle: Socket[] = [];
  let unasked = 0;
  let closed = false;

  return {
    async say(fuzz) {
      const reused = fuzz.answers === undefined ? undefined : idle.pop();
      const socket = reused ?? connect({ port, host: '127.0.0.1', noDelay: true }).on('error', () => undefined); // a reset is seen as the close that follows
      const heard = await hear(socket, fuzz);
      if (isReusable(heard, socket)) keep(socket);
      else socket.destroy();
      return heard;
    },
    takeUnasked() {
      const count = unasked;
      unasked = 0;
      return count;
    },
    close() {
      closed = true;
      for (const socket of idle.splice(0)) socket.destroy();
    },
  };

  function isReusable({ end, rest, answers }: Heard, socket: Socket): boolean {
    return !closed && end === 'answered' && rest.length === 0 && !socket.destroyed && answers.every(({ closes }) => !closes);
  }

  function keep(socket: Socket): void {
    socket.removeAllListeners('data').removeAllListeners('close');
    socket.on('data', () => (unasked += 1)).on('close', () => idle.includes(socket) && idle.splice(idle.indexOf(socket), 1));
    idle.push(socket);
  }
}

function hear(socket: Socket, { pieces, answers, bodiless = false }: FuzzCase): Promise<Heard> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    let quiet: NodeJS.Timeout | undefined;
    const silent = setTimeout(() => finish('silent'), SILENT_MS);
    socket.removeAllListeners('data').removeAllListeners('close');
    socket.on('data', (bytes: Buffer) => {
      received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
      if (answers !== undefined && readAnswers(received, { bodiless }).answers.length >= answers.length) finish('answered');
    });
    socket.on('close', () => finish('closed'));
    send(0);

    function send(at: number): void {
      const piece = pieces[at];
      if (socket.destroyed) return;
      if (piece !== undefined) {
        socket.write(piece);
        setImmediate(send, at + 1);
      } else if (answers === undefined) quiet = setTimeout(() => socket.end(), QUIET_MS);
    }

    function finish(end: Heard['end']): void {
      clearTimeout(silent);
      clearTimeout(quiet);
      resolve({ ...readAnswers(received, { bodiless }), end });
    }
  });
}
