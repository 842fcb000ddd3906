import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { events } from '../../src/events/catalogue.gen.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { chains } from '../../src/workflows/catalogue.gen.ts';
import { openRaw, toBytes } from '../support/raw-http.ts';
import { sign, startIngress } from './ingress-fixture.ts';
import type { TestIngress } from './ingress-fixture.ts';

const body = '{"event_id":"evt_1","event_type":"test.made","data":{"a":[1,2,{"b":"\u00e4"}]}}';
const sound = toBytes({
  path: '/webhooks/shop',
  headers: [['Content-Type', 'application/json'], sign(body), ['Connection', 'close']],
  body,
});

const mutation = fc.record({
  at: fc.nat({ max: sound.length - 1 }),
  kind: fc.constantFrom('replace', 'insert', 'remove', 'repeat'),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc
      .constantFrom('\r\n', '\r\n\r\n', ':', ' ', ',', '\u0000', '0\r\n\r\n', 'Transfer-Encoding: chunked\r\n')
      .map((text) => new Uint8Array(Buffer.from(text))),
  ),
});

let test: TestIngress;
beforeAll(async () => {
  test = await startIngress({
    providers,
    interpret: createInterpreter({ providers, events, chains }),
    limits: { headersTimeoutMs: 200, requestTimeoutMs: 300, connectionsCheckMs: 50 },
  });
});
afterAll(() => test.ingress.close());

function mutate(
  bytes: Buffer,
  { at, kind, bytes: given }: { readonly at: number; readonly kind: string; readonly bytes: Uint8Array },
): Buffer {
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (kind === 'insert') return Buffer.concat([before, given, after]);
  if (kind === 'replace') return Buffer.concat([before, given, after.subarray(given.length)]);
  if (kind === 'remove') return Buffer.concat([before, after.subarray(given.length)]);
  return Buffer.concat([before, after.subarray(0, given.length * 8), after]);
}

it('takes no mutant of a signed request unless its body is the signed one, and answers none with a 5xx', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const before = test.recorded.deliveries.length;
      const connection = await openRaw(test.port);
      connection.socket.end(mutations.reduce(mutate, sound));
      const answers = [...(await connection.closed()).matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      for (const status of answers) expect(status === 200 || (status >= 400 && status < 500)).toBe(true);
      const taken = test.recorded.deliveries.slice(before);
      expect(taken).toHaveLength(answers.filter((status) => status === 200).length);
      for (const delivery of taken) expect(Buffer.from(delivery.body).toString()).toBe(body);
    }),
    { numRuns: 300 },
  );
}, 30_000);

it('takes the sound one afterwards', async () => {
  const connection = await openRaw(test.port);
  connection.send(sound);
  expect((await connection.response()).status).toBe(200);
  await connection.closed();
});
