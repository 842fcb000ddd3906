import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Identity, SourceOptions, Verdict } from '../../src/contracts/webhook.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import zendesk from '../../src/providers/zendesk.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const SECRET = 'signing-secret';

function verify(ts: string, { body = '{"a":1}', signedTs = ts }: { readonly body?: string; readonly signedTs?: string } = {}): Verdict {
  const signature = createHmac('sha256', SECRET)
    .update(signedTs + body)
    .digest('base64');
  const headers = toDeliveryHeaders(['X-Zendesk-Webhook-Signature', signature, 'X-Zendesk-Webhook-Signature-Timestamp', ts]);
  return zendesk.verify({ headers, body: Buffer.from(body) }, { secrets: [SECRET], now: NOW });
}

function identify(json: JsonValue, headers: readonly string[] = [], options: SourceOptions = {}): Identity | undefined {
  return zendesk.identify({ headers: toDeliveryHeaders(headers), json, body: Buffer.from('{}'), options, receivedAt: NOW })[0];
}

describe('the signature', () => {
  it('covers time and body without anything between them', () => {
    expect(verify('2026-11-24T12:00:00Z')).toEqual({ ok: true, secretIndex: 0 });
    expect(verify('2026-11-24T12:00:00Z', { signedTs: '2026-11-24T12:00:00Z.' })).toMatchObject({ code: 'signature.mismatch' });
    expect(verify('2026-11-24T12:00:00Z', { signedTs: '2026-11-24T11:59:59Z' })).toMatchObject({ code: 'signature.mismatch' });
  });

  it('may cover an empty body, and a time with fractions and a zone', () => {
    expect(verify('2026-11-24T12:00:00Z', { body: '' }).ok).toBe(true);
    expect(verify('2026-11-24T13:00:00.123+01:00').ok).toBe(true);
  });

  it('is judged on both sides of the clock', () => {
    expect(verify('2026-11-24T11:55:00Z').ok).toBe(true);
    expect(verify('2026-11-24T11:54:59Z')).toEqual({
      ok: false,
      code: 'signature.stale',
      detail: 'signed 301 s ago, expected at most 300 s',
    });
    expect(verify('2026-11-24T12:05:00Z').ok).toBe(true);
    expect(verify('2026-11-24T12:05:01Z')).toMatchObject({ detail: 'signed 301 s ahead of our clock, expected at most 300 s' });
  });

  it.each(['', 'now', '1764000000', '2026-13-01T00:00:00Z', '24 Nov 2026 12:00:00 GMT'])(
    'is refused with a signed time such as "%s"',
    (ts) => {
      expect(verify(ts)).toMatchObject({ ok: false, code: 'signature.malformed' });
    },
  );
});

describe('identify', () => {
  const event = { id: 'e1', type: 'zen:event-type:ticket.created', time: '2026-11-24T11:59:00Z', detail: { id: '5158' } };

  it('takes id, type and time of an event from its signed body', () => {
    expect(identify(event, ['X-Zendesk-Webhook-Invocation-Id', 'inv'])).toEqual({
      id: 'e1',
      type: 'zen:event-type:ticket.created',
      occurredAt: new Date('2026-11-24T11:59:00Z'),
      payload: event,
      idUnsigned: false,
    });
  });

  it('takes the invocation as id of what a trigger sends, and says that nothing has signed it', () => {
    const options: SourceOptions = { type: { value: 'ticket.updated' } };
    expect(identify({ ticket: 5158 }, ['X-Zendesk-Webhook-Invocation-Id', 'inv'], options)).toMatchObject({
      id: 'inv',
      type: 'ticket.updated',
      idUnsigned: true,
    });
  });

  it('looks where the source says', () => {
    const json = { id: 'no', type: 'no', change: { id: 7, kind: 'ticket.updated', at: '2026-11-24T10:00:00Z' } };
    const options: SourceOptions = { id: { pointer: '/change/id' }, type: { pointer: '/change/kind' }, time: { pointer: '/change/at' } };
    expect(identify(json, [], options)).toMatchObject({ id: '7', type: 'ticket.updated', occurredAt: new Date('2026-11-24T10:00:00Z') });
    expect(identify(json, [], { id: 'bodyHash' })).toMatchObject({
      id: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      idUnsigned: false,
    });
  });
});
