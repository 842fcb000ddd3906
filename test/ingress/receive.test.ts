import { afterEach, describe, expect, it } from 'vitest';

import { HooklineError } from '../../src/contracts/errors.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import type { IngressDependencies } from '../../src/ingress/server.ts';
import { postRaw } from '../support/raw-http.ts';
import type { RawResponse } from '../support/raw-http.ts';
import { SECRET, SHOP, sign, startIngress, takeAsItIs, toOutcome } from './ingress-fixture.ts';
import type { TestIngress } from './ingress-fixture.ts';

const body = '{"a":1}';
let test: TestIngress | undefined;
afterEach(() => test?.ingress.close());

async function deliver(
  given: Partial<IngressDependencies>,
  headers: readonly (readonly [string, string])[] = [sign(body)],
): Promise<RawResponse & TestIngress> {
  test = await startIngress(given);
  const response = await postRaw(test.port, { path: '/webhooks/shop', headers, body });
  return { ...response, ...test };
}

const failing = (error: unknown): Partial<IngressDependencies> => ({ inbox: { add: () => Promise.reject(error) } });

describe('the way of one webhook', () => {
  it('hands the inbox everything that it must keep', async () => {
    const { recorded } = await deliver({}, [sign(body), ['X-Webhook-Id', 'evt_9']]);
    const [delivery] = recorded.deliveries;
    expect(delivery).toMatchObject({
      source: 'shop',
      provider: 'hookline',
      remoteAddress: '127.0.0.1',
      secretIndex: 0,
      events: [{ eventId: 'evt_9', providerType: 'test' }],
    });
    expect(Buffer.from(delivery?.bodySha256 ?? []).toString('hex')).toBe(
      '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862',
    );
    expect(delivery?.id).not.toBe(delivery?.events[0]?.uuid);
  });

  it('says which of the live secrets has signed', async () => {
    const source: Source = { ...SHOP, secrets: ['the-new-secret-0123456789', SECRET] };
    expect((await deliver({ sources: [source] })).recorded.deliveries[0]?.secretIndex).toBe(1);
  });

  it('verifies before it interprets', async () => {
    let asked = 0;
    const { status } = await deliver({ interpret: (...args) => ((asked += 1), takeAsItIs(...args)) }, [sign('another body')]);
    expect([status, asked]).toEqual([401, 0]);
  });

  it('writes one line for a delivery', async () => {
    let clock = 0;
    const { recorded } = await deliver({ now: () => new Date((clock += 250)) });
    expect(recorded.lines).toEqual([
      {
        level: 'info',
        message: 'delivery received',
        fields: {
          source: 'shop',
          provider: 'hookline',
          provider_type: 'test',
          event_id: 'evt_1',
          event_type: 'hookline:test',
          event_uuid: recorded.deliveries[0]?.events[0]?.uuid,
          outcome: 'accepted',
          cause: undefined,
          http_status: 200,
          size_bytes: 7,
          duration_s: 0.5,
          delivery_id: recorded.deliveries[0]?.id,
        },
      },
    ]);
  });

  it('writes one line, and the reason, for a refusal', async () => {
    const { recorded } = await deliver({}, []);
    expect(recorded.lines).toMatchObject([
      {
        level: 'warn',
        message: 'delivery refused',
        fields: {
          source: 'shop',
          provider: 'hookline',
          outcome: 'refused',
          cause: 'signature.missing',
          http_status: 401,
          size_bytes: 7,
          delivery_id: recorded.refusals[0]?.id,
        },
      },
    ]);
  });

  it.each([
    ['accepted', { outcome: 'accepted' }, 1],
    ['duplicate that repairs', { outcome: 'duplicate', repairing: true }, 1],
    ['duplicate', { outcome: 'duplicate' }, 0],
    ['ignored', { outcome: 'ignored' }, 0],
    ['quarantined', { outcome: 'quarantined' }, 0],
  ] as const)('wakes the starter when there is something to start: %s', async (_case, facts, nudges) => {
    const { recorded } = await deliver({
      inbox: { add: async ({ events }) => events.map(({ eventId, uuid }) => toOutcome(eventId, uuid, facts)) },
    });
    expect(recorded.nudges).toBe(nudges);
  });
});

it('does not start with a source whose provider is not there', async () => {
  await expect(startIngress({ sources: [{ ...SHOP, provider: 'githib' }] })).rejects.toMatchObject({
    code: 'settings.wrong',
    message: 'settings.wrong: expected one of hookline, got githib, in sources.shop.provider',
  });
});

describe('faults of ours', () => {
  it.each([
    ['inbox.unavailable', failing(new HooklineError('inbox.unavailable')), 'inbox.unavailable'],
    ['inbox.full', failing(new HooklineError('inbox.full')), 'inbox.full'],
    ['ingress.draining', failing(new HooklineError('ingress.draining')), 'ingress.draining'],
    ['postgres.unavailable', failing(new HooklineError('postgres.unavailable')), 'inbox.unavailable'],
    ['an inbox that rejects with anything else', failing(new TypeError(body)), 'bug.unexpected'],
    ['an inbox that rejects with a code of the sender', failing(new HooklineError('body.notJson')), 'bug.unexpected'],
    ['an inbox that rejects with nothing', failing(undefined), 'bug.unexpected'],
    [
      'an inbox that throws',
      {
        inbox: {
          add: () => {
            throw new Error(body);
          },
        },
      },
      'bug.unexpected',
    ],
    [
      'an interpreter that throws',
      {
        interpret: () => {
          throw new SyntaxError(body);
        },
      },
      'bug.unexpected',
    ],
    [
      'a provider that throws',
      {
        providers: [
          {
            name: 'hookline',
            verify: () => {
              throw new RangeError(body);
            },
          },
        ],
      },
      'bug.unexpected',
    ],
  ] as const)('are 503 with a time to come again, and never a 4xx: %s', async (_case, given, code) => {
    const { status, headers, body: answer, recorded } = await deliver(given);
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
    expect(JSON.parse(answer)).toMatchObject({ error: code });
    expect(recorded.lines).toMatchObject([{ level: 'error', fields: { cause: code, http_status: 503 } }]);
    expect(recorded.refusals).toMatchObject([{ code, httpStatus: 503, body: null }]);
    expect(JSON.stringify(recorded.lines)).not.toContain(body);
  });

  it('are 503 when a signed but malformed delivery could not be recorded', async () => {
    const { status, recorded } = await deliver({
      interpret: () => ({ ok: false, code: 'body.notJson', detail: 'expected one JSON value' }),
      refusals: { record: () => undefined, recordVerified: () => Promise.reject(new Error('gone')) },
    });
    expect(status).toBe(503);
    expect(recorded.lines).toMatchObject([{ level: 'error', fields: { cause: 'inbox.unavailable' } }]);
  });

  it('change no refusal when its record throws', async () => {
    const { status, recorded } = await deliver(
      {
        refusals: {
          record: () => {
            throw new Error(body);
          },
          recordVerified: async () => undefined,
        },
      },
      [],
    );
    expect(status).toBe(401);
    expect(recorded.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'refusal not recorded'],
      ['warn', 'delivery refused'],
    ]);
  });

  it('answer a signed but malformed delivery only after its row is committed, body included', async () => {
    const order: string[] = [];
    const { status, body: answer } = await deliver({
      interpret: () => ({ ok: false, code: 'event.idMissing', detail: 'no id where the source looks for it' }),
      refusals: {
        record: () => undefined,
        recordVerified: async (refusal) => {
          await Promise.resolve();
          order.push(`${refusal.code} ${Buffer.from(refusal.body ?? []).toString()}`);
        },
      },
    });
    expect(order).toEqual(['event.idMissing {"a":1}']);
    expect(status).toBe(400);
    expect(JSON.parse(answer)).toMatchObject({ error: 'event.idMissing', detail: 'no id where the source looks for it' });
  });
});
