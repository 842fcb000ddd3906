import { describe, expect, it } from 'vitest';

import type { FuzzCase } from '../../scripts/fuzz-edge/fuzz-case.ts';
import { judge } from '../../scripts/fuzz-edge/judge.ts';
import { readAnswers } from '../../scripts/fuzz-edge/read-answers.ts';
import type { Heard } from '../../scripts/fuzz-edge/speaker.ts';

const toAnswer = (status: number, body: string, head = 'content-type: application/json'): string =>
  `HTTP/1.1 ${status} X\r\n${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const TAKEN = toAnswer(200, '{"status":"accepted","eventId":"e"}');
const UNVERIFIED = toAnswer(401, '{"error":"signature"}');

const fuzz = (facts: Partial<FuzzCase> = {}): FuzzCase => ({ kind: 'x', pieces: [], requests: 1, signed: [], ...facts });
const hear = (text: string, end: Heard['end'] = 'answered'): Heard => ({
  ...readAnswers(Buffer.from(text, 'latin1'), { bodiless: false }),
  end,
});

describe('the judge of an attack', () => {
  it.each([
    ['answers of the contract', TAKEN + UNVERIFIED, fuzz()],
    ['the answers that were expected', UNVERIFIED + TAKEN, fuzz({ answers: [[401], [400, 200]] })],
    ['an interim answer before the real one', `HTTP/1.1 100 Continue\r\n\r\n${TAKEN}`, fuzz({ answers: [[200]] })],
    ['a close without a word, where that may be', '', fuzz()],
  ])('has nothing against %s', (_case, text, one) => {
    expect(judge(one, hear(text))).toBeUndefined();
  });

  it.each([
    ['a fault of ours', toAnswer(503, '{"error":"inbox.unavailable"}'), fuzz(), '503: a status that is not in the contract'],
    ['another answer', UNVERIFIED, fuzz({ answers: [[200]] }), 'expected 200, got 401'],
    ['one answer too few', TAKEN, fuzz({ answers: [[200], [200]] }), 'expected 200, then 200, got 200'],
    ['one answer too many', TAKEN + TAKEN, fuzz({ answers: [[200]] }), 'expected 200, got 200, 200'],
    ['a reason in a 401', toAnswer(401, '{"error":"signature.mismatch"}'), fuzz(), '401: expected the one body of every 401'],
    ['a body of a 404', toAnswer(404, 'no such source'), fuzz(), '404: expected no body'],
    [
      'a code of another status',
      toAnswer(400, '{"error":"request.tooLarge"}'),
      fuzz(),
      '400: expected a code of this status, got request.tooLarge',
    ],
    ['a header out of a payload', toAnswer(401, '{"error":"signature"}', 'x-evil: 1'), fuzz(), '401: a header that we never send: x-evil'],
    ['bytes that are no answer', `${TAKEN}junk`, fuzz(), 'bytes that are no answer: "junk"'],
    ['half an answer', TAKEN.slice(0, -3), fuzz(), 'bytes that are no answer: "HTTP/1.1 200 X'],
  ])('complains of %s', (_case, text, one, complaint) => {
    expect(judge(one, hear(text))).toContain(complaint);
  });

  it('complains of a connection that is forgotten', () => {
    expect(judge(fuzz(), hear('', 'silent'))).toBe('no answer and no close; got 0 answers');
  });
});
