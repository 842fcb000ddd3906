import { expect, it } from 'vitest';

import { toCommittedAnswer, toRefusedAnswer, withRetryAfter } from '../../src/ingress/reply.ts';
import { toOutcome } from './ingress-fixture.ts';

const retryAfterSeconds = 2;

it('answers one event with its status and id', () => {
  expect(toCommittedAnswer([toOutcome('evt_1', 'u', { outcome: 'held' })])).toMatchObject({
    status: 200,
    body: '{"status":"held","eventId":"evt_1"}',
  });
});

it('answers several events with the worst status, and each one with its own', () => {
  const outcomes = (['accepted', 'duplicate', 'ignored', 'held', 'quarantined'] as const).map((outcome) =>
    toOutcome(`evt_${outcome}`, 'u', { outcome }),
  );
  for (let last = 2; last <= outcomes.length; last++) {
    const some = outcomes.slice(0, last);
    expect(JSON.parse(toCommittedAnswer(some).body ?? '')).toEqual({
      status: some.at(-1)?.outcome,
      events: some.map(({ outcome, eventId }) => ({ status: outcome, eventId })),
    });
  }
});

it('says that a resend repairs, or that a person has stopped the event', () => {
  expect(JSON.parse(toCommittedAnswer([toOutcome('e', 'u', { outcome: 'duplicate', repairing: true })]).body ?? '')).toEqual({
    status: 'duplicate',
    eventId: 'e',
    repairing: true,
  });
  expect(JSON.parse(toCommittedAnswer([toOutcome('e', 'u', { outcome: 'duplicate', stopped: true })]).body ?? '')).toEqual({
    status: 'duplicate',
    eventId: 'e',
    stopped: true,
  });
});

it('answers a refusal with code, meaning and fix', () => {
  expect(JSON.parse(toRefusedAnswer('body.notJson', { detail: 'expected one JSON value', retryAfterSeconds }).body ?? '')).toEqual({
    error: 'body.notJson',
    message: 'the body is not JSON',
    detail: 'expected one JSON value',
    fix: 'send one JSON value (RFC 8259)',
  });
});

it.each(['signature.missing', 'signature.duplicate', 'signature.malformed', 'signature.mismatch'] as const)(
  'gives no reason for %s',
  (code) => {
    expect(toRefusedAnswer(code, { detail: 'why', retryAfterSeconds })).toEqual({
      status: 401,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"error":"signature"}',
    });
  },
);

it('answers an unknown source with nothing', () => {
  expect(toRefusedAnswer('source.unknown', { retryAfterSeconds })).toEqual({ status: 404, headers: {}, body: null });
});

it.each(['inbox.unavailable', 'inbox.full', 'ingress.draining', 'bug.unexpected'] as const)(
  'answers %s with 503 and a time to come again',
  (code) => {
    expect(toRefusedAnswer(code, { retryAfterSeconds })).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
  },
);

it('answers 429 with the time to come again that whoever refuses gives', () => {
  const answer = toRefusedAnswer('source.rateLimited', { retryAfterSeconds });
  expect(withRetryAfter(answer, 7)).toEqual({ ...answer, status: 429, headers: { ...answer.headers, 'retry-after': '7' } });
});
