import type { Facts } from '../facts.ts';
import type { Violation } from '../verdict.ts';

/** Answers that the senders, who sign well, may get beside 2xx: be slower, or send it again. */
const SEND_AGAIN = new Set([408, 429, 503]);

/** No well-signed delivery is refused, none meets a fault without a name, no process ends by itself, and something has happened at all. */
export function checkAnswers({ answers, faults, wantsFaults, sent, vendors, died }: Facts): readonly Violation[] {
  const wrong = answers.filter(({ status }) => status !== null && status >= 300 && !SEND_AGAIN.has(status));
  const vacuous = [
    ...(wantsFaults && faults.length === 0 ? ['no fault was injected'] : []),
    ...(answers.some(({ status }) => status === 200) ? [] : ['nothing was acknowledged']),
    ...(vendors.some(({ performed }) => performed) ? [] : ['no vendor has done anything']),
    ...(sent.some(({ tail }) => tail) ? [] : ['nothing was sent after the last fault']),
  ];
  return [
    ...vacuous.map((detail): Violation => ({ rule: 'drill.vacuous', about: 'the drill', detail })),
    ...wrong.map(({ eventId, status, told }): Violation => ({
      rule: (status ?? 0) < 500 ? 'answer.refused' : 'answer.failed',
      about: eventId,
      detail: `answered ${status} ${told}`,
    })),
    ...died.map((name): Violation => ({ rule: 'process.died', about: name, detail: 'ended by itself' })),
  ];
}
