import { monitorEventLoopDelay } from 'node:perf_hooks';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { events } from '../../src/events/catalogue.gen.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { chains } from '../../src/workflows/catalogue.gen.ts';
import { postRaw } from '../support/raw-http.ts';
import { answerOf, badInputs, headersOf, keptBodyOf } from './bad-input-cases.ts';
import type { BadInput } from './bad-input-cases.ts';
import { SHOP, sign, startIngress, toOutcome } from './ingress-fixture.ts';
import type { TestIngress } from './ingress-fixture.ts';

const path = '/webhooks/shop';
const prototypeKeys = Object.getOwnPropertyNames(Object.prototype).length;
const deliveries: TestIngress['recorded']['deliveries'] = [];

let test: TestIngress;
beforeAll(async () => {
  test = await startIngress({
    providers,
    interpret: createInterpreter({ providers, events, chains }),
    inbox: {
      add: async (delivery) => {
        deliveries.push(delivery);
        return delivery.events.map(({ eventId, uuid, state }) =>
          toOutcome(eventId, uuid, { outcome: state === 'routed' ? 'accepted' : state }),
        );
      },
    },
  });
});
afterAll(() => test.ingress.close());

const post = ({ body, ...input }: BadInput): ReturnType<typeof postRaw> =>
  postRaw(test.port, { path, headers: headersOf({ body, ...input }), body });

describe('bad input over a real socket', () => {
  it.each(badInputs.map((input) => [input.name, input] as const))('gets a clear answer and a record: %s', async (_name, input) => {
    const before = { deliveries: deliveries.length, refusals: test.recorded.refusals.length };
    const response = await post(input);
    expect(response.status).toBe(input.status);
    expect(JSON.parse(response.body)).toMatchObject(answerOf(input));
    const taken = deliveries.slice(before.deliveries).map(({ body }) => ({ row: 'taken', body: Buffer.from(body) }));
    const refused = test.recorded.refusals.slice(before.refusals).map(({ code, body }) => ({ row: code, body: body && Buffer.from(body) }));
    expect([...taken, ...refused]).toEqual([{ row: input.status === 200 ? 'taken' : input.row, body: keptBodyOf(input) }]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(prototypeKeys);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('gives one constant 401 for every reason, byte for byte', async () => {
    const answers = new Set<string>();
    for (const input of badInputs.filter(({ status }) => status === 401)) {
      const { status, headers, body } = await post(input);
      answers.add(JSON.stringify([status, [...headers].filter(([name]) => name !== 'date'), body]));
    }
    expect([...answers]).toHaveLength(1);
  });

  it('answers a signature of any length from 0 to 200 with 401', async () => {
    for (let length = 0; length <= 200; length++) {
      for (const value of ['f'.repeat(length), `sha256=${'0'.repeat(length)}`]) {
        expect((await postRaw(test.port, { path, headers: [['X-Webhook-Signature', value]], body: '{}' })).status).toBe(401);
      }
    }
  });

  it.each(badInputs.filter(({ body }) => body.length > 10_000).map((input) => [input.name, input] as const))(
    'never holds the process up for 50 ms: %s',
    async (_name, input) => {
      // The best of ten: the machine is shared, and the sender in this process costs time as well.
      let blockedMs = Infinity;
      for (let round = 0; round < 10 && blockedMs >= 50; round++) {
        const delay = monitorEventLoopDelay({ resolution: 1 });
        delay.enable();
        await post(input);
        delay.disable();
        blockedMs = Math.min(blockedMs, delay.max / 1e6);
      }
      expect(blockedMs).toBeLessThan(50);
    },
  );

  it('logs one line for each, and no payload, signature or secret in any', async () => {
    const canary = 'canary-4711';
    const from = test.recorded.lines.length;
    for (const body of [
      `{"event_id":"c1","event_type":"t","data":"${canary}"}`,
      `{"${canary}`,
      `{"event_type":"${canary} x","event_id":"c2"}`,
    ]) {
      await postRaw(test.port, { path, headers: [sign(body)], body });
      await postRaw(test.port, {
        path,
        headers: [
          ['X-Webhook-Signature', canary],
          ['Authorization', canary],
          ['X-Api-Key', canary],
        ],
        body,
      });
    }
    const lines = test.recorded.lines.slice(from);
    expect(lines).toHaveLength(6);
    expect(JSON.stringify(lines)).not.toContain(canary);
    expect(JSON.stringify([lines, test.recorded.refusals, deliveries.map(({ headers }) => headers)])).not.toContain(SHOP.secrets[0]);
  });
});
