import { afterEach, expect, it } from 'vitest';
import { createMeter } from '../../src/admin/meter.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';
import { startIngress, type TestIngress } from '../ingress/ingress-fixture.ts';
import { postRaw } from '../support/raw-http.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const MINUTE_MS = 60_000;
const RIGHT = Date.parse('2026-11-24T12:00:00Z');
const BODY = '{"type":"user.created"}';

let test: TestIngress | undefined;
afterEach(() => test?.ingress.close());

it.each([
  [10, 'signed 600 s ago, expected at most 300 s'],
  [-10, 'signed 600 s ahead of our clock, expected at most 300 s'],
])(
  'our clock is %i minutes off, then jumps back: signed times are refused and told as that, and taken from then on',
  async (minutes, said) => {
    let offMs = 0;
    const meter = createMeter('ingress');
    test = await startIngress({
      sources: [{ name: 'app', provider: 'standard-webhooks', secrets: [SECRET], options: {} }],
      providers: [standardWebhooks],
      meter,
      now: () => new Date(RIGHT + offMs),
    });
    const { port, recorded } = test;
    const post = async (): Promise<readonly [number, string]> => {
      const signed = standardWebhooks.sign({ body: Buffer.from(BODY), secret: SECRET, now: new Date(RIGHT) });
      const { status, body } = await postRaw(port, { path: '/webhooks/app', headers: Object.entries(signed), body: BODY });
      return [status, body];
    };
    const counted = (outcome: string): readonly string[] =>
      meter.toText().match(new RegExp(`^hookline_ingress_deliveries_total{.*outcome="${outcome}".*$`, 'gm')) ?? [];

    expect((await post())[0]).toBe(200);
    offMs = minutes * MINUTE_MS;
    expect(await post()).toEqual([401, '{"error":"signature"}']);
    expect(await post()).toEqual([401, '{"error":"signature"}']);
    expect(recorded.refusals.map(({ code, detail }) => [code, detail])).toEqual([
      ['signature.stale', said],
      ['signature.stale', said],
    ]);
    expect(counted('refused')).toEqual(['hookline_ingress_deliveries_total{source="app",outcome="refused",cause="signature.stale"} 2']);
    offMs = 0;
    expect((await post())[0]).toBe(200);
    expect(counted('accepted')).toEqual(['hookline_ingress_deliveries_total{source="app",outcome="accepted",cause=""} 2']);
    expect(recorded.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
);
