import { errorTable } from '../../src/contracts/error-table.ts';
import type { ErrorEntry } from '../../src/contracts/errors.ts';
import type { FuzzCase } from './fuzz-case.ts';
import type { HeardAnswer } from './read-answers.ts';
import type { Heard } from './speaker.ts';

/** What a sender may be answered at all; the table of the public contract, but for 429 and 503, which nothing here calls for. */
const STATUSES = [200, 400, 401, 403, 404, 405, 408, 413, 415, 431];
const HEADERS = new Set(['content-type', 'content-length', 'connection', 'keep-alive', 'date', 'allow']);
const TAKEN = new Set(['accepted', 'duplicate', 'ignored', 'held', 'quarantined']);
const UNVERIFIED = '{"error":"signature"}';
const ENTRIES = new Map<string, ErrorEntry>(Object.entries(errorTable));

/** What is wrong with what a case has heard; `undefined` where nothing is. */
export function judge({ answers: expected, bodiless = false }: FuzzCase, { answers, rest, end }: Heard): string | undefined {
  if (end === 'silent') return `no answer and no close; got ${answers.length} answers`;
  if (rest.length > 0) return `bytes that are no answer: ${JSON.stringify(rest.toString('latin1').slice(0, 120))}`;
  for (const answer of answers) {
    const wrong = judgeAnswer(answer, { bodiless });
    if (wrong !== undefined) return `${answer.status}: ${wrong}`;
  }
  if (expected === undefined) return undefined;
  const statuses = answers.map(({ status }) => status);
  const isExpected = statuses.length === expected.length && statuses.every((status, at) => expected[at]?.includes(status));
  return isExpected
    ? undefined
    : `expected ${expected.map((some) => some.join(' or ')).join(', then ')}, got ${statuses.join(', ') || 'none'}`;
}

/** Each answer has a status of the contract, known headers, and the body that its status must have. */
function judgeAnswer({ status, headerNames, body }: HeardAnswer, { bodiless }: { readonly bodiless: boolean }): string | undefined {
  if (!STATUSES.includes(status)) return 'a status that is not in the contract';
  const odd = headerNames.find((name) => !HEADERS.has(name));
  if (odd !== undefined) return `a header that we never send: ${odd}`;
  if (bodiless || status === 404) return body === '' ? undefined : 'expected no body';
  if (status === 401) return body === UNVERIFIED ? undefined : 'expected the one body of every 401';
  const { status: told, error } = parse(body);
  if (status === 200) return typeof told === 'string' && TAKEN.has(told) ? undefined : 'expected what has become of the event';
  return ENTRIES.get(String(error))?.status === status ? undefined : `expected a code of this status, got ${String(error)}`;
}

function parse(body: string): { readonly status?: unknown; readonly error?: unknown } {
  try {
    return JSON.parse(body) as { readonly status?: unknown; readonly error?: unknown }; // our own answer; what it is not shows above
  } catch {
    return {};
  }
}
