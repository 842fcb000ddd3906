import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { sendEvents, type SendOptions } from '../../../src/cli/drill/send-events.ts';
import hookline from '../../../src/providers/hookline.ts';
import { sentOf } from './good-facts.ts';

type Respond = (eventId: string, response: ServerResponse) => void;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const ok: Respond = (_id, response) => response.end('{"status":"accepted"}');
const eventOf = (id: string) => sentOf(id, { body: { event_id: id } });
/** Sends to a listener that answers as it is told; resolves to the answers and what had come, in order. */
async function send(ids: readonly (readonly string[])[], respond: Respond, wish: Partial<SendOptions> = {}) {
  const came: string[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const { event_id: id } = JSON.parse(text) as { readonly event_id: string }; // ours
      came.push(id);
      respond(id, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const answers = await sendEvents(
    ids.map((group) => group.map(eventOf)),
    {
      url: `http://127.0.0.1:${port}/webhooks/drills`,
      secret: 'a secret of a test',
      provider: hookline,
      copies: 0,
      ratePerS: null,
      insistMs: 60_000,
      random: () => 0,
      now: () => new Date(),
      onProgress: () => {},
      signal: new AbortController().signal,
      ...wish,
    },
  );
  return { answers, came };
}

describe('the sender of a drill', () => {
  test('sends the events of one thing one after the other, each when the one before is answered', async () => {
    const held: string[] = [];
    const { came } = await send([['a1', 'a2', 'a3']], (id, response) => {
      held.push(id);
      setImmediate(() => {
        expect(held).toEqual([id]);
        held.pop();
        ok(id, response);
      });
    });
    expect(came).toEqual(['a1', 'a2', 'a3']);
  });

  test('sends copies, half of them before anything of the event is answered', async () => {
    const open: ServerResponse[] = [];
    const { answers } = await send(
      [['a']],
      (id, response) => {
        open.push(response);
        if (open.length === 4) for (const one of open) ok(id, one); // none is answered before four have come
        if (open.length > 4) ok(id, response);
      },
      { copies: 5 },
    );
    expect(answers.map(({ httpStatus, status }) => [httpStatus, status])).toEqual(Array.from({ length: 6 }, () => [200, 'accepted']));
  });

  test('comes again, not before it was told to, where the listener asks for it or gives no answer, and keeps every answer', async () => {
    const times: number[] = [];
    const { answers } = await send([['a']], (id, response) => {
      times.push(performance.now());
      if (times.length === 1) response.writeHead(429, { 'retry-after': '1' }).end('{"error":"rate.limited"}');
      else if (times.length === 2) response.destroy();
      else ok(id, response);
    });
    expect(answers.map(({ httpStatus, code }) => [httpStatus, code])).toEqual([
      [429, 'rate.limited'],
      [null, expect.any(String)],
      [200, null],
    ]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });

  test('does not come again where it is refused, nor where its time is over', async () => {
    const refused = await send([['a']], (_id, response) => response.writeHead(401).end('{"error":"signature.mismatch"}'));
    expect(refused.answers.map(({ httpStatus }) => httpStatus)).toEqual([401]);
    server?.close();
    const late = await send([['a']], (_id, response) => response.writeHead(503).end(), { insistMs: 100 });
    expect(late.answers.map(({ httpStatus }) => httpStatus)).toEqual([503]);
  });

  test('ends at once when it is told to', async () => {
    const stop = new AbortController();
    const { came } = await send([['a'], ['b']], () => stop.abort(), { signal: stop.signal, ratePerS: 1 });
    expect(came).toEqual(['a']);
  });
});
