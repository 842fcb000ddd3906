import type { WholeEventView } from '../../admin/api/views/event-view.ts';
import { checkEffects } from './check-effects.ts';
import type { DrillAnswer, DrillEvent, DrillFacts } from './drill-facts.ts';

/** What a drill against a running installation demands; each has a test that breaks it. */
export type DrillRule =
  | 'drill.vacuous'
  | 'answer.refused'
  | 'answer.failed'
  | 'answer.wrong'
  | 'event.unacknowledged'
  | 'event.lost'
  | 'event.doubled'
  | 'event.stranger'
  | 'event.live'
  | 'event.notRouted'
  | 'delivery.missing'
  | 'run.missing'
  | 'run.doubled'
  | 'run.stranger'
  | 'run.waiting'
  | 'run.failed'
  | 'effect.live'
  | 'effect.open'
  | 'effect.missing'
  | 'effect.doubled'
  | 'entity.written';

/** One thing that is not as promised. */
export interface DrillViolation {
  readonly rule: DrillRule;
  /** An event's id, or an entity. */
  readonly about: string;
  readonly detail: string;
}

/** More deliveries of one event the API does not tell. */
const MOST_DELIVERIES = 100;

/** Everything that a drill has found wrong, in order of its events; empty where all is as promised. */
export function checkOutcome(facts: DrillFacts): readonly DrillViolation[] {
  const { sent, answers, stored, entities } = facts;
  const answersById = Map.groupBy(answers, ({ eventId }) => eventId);
  const storedById = Map.groupBy(stored, ({ event }) => event.providerId);
  const known = new Set(sent.map(({ id }) => id));
  return [
    ...sent.flatMap((event) => {
      const own = answersById.get(event.id) ?? [];
      const rows = storedById.get(event.id) ?? [];
      return [
        ...checkAnswers(event, own),
        ...checkStored(event, { acknowledged: own.filter(isAcknowledged).length, rows }),
        ...rows.flatMap((row) => checkOne(event, row)),
      ];
    }),
    ...stored
      .filter(({ event }) => !known.has(event.providerId))
      .map(({ event }) => violation('event.stranger', event.eventId, 'stored, and nobody has sent it')),
    ...checkEffects(stored),
    ...entities.map(({ type, id }) => violation('entity.written', `${type} ${id}`, 'test traffic has written it')),
    ...checkWeight(facts),
  ];
}

/** Whether a try was answered by a 2xx. */
export function isAcknowledged({ httpStatus }: Pick<DrillAnswer, 'httpStatus'>): boolean {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 300;
}

function violation(rule: DrillRule, about: string, detail: string): DrillViolation {
  return { rule, about, detail };
}

/** One try is told `accepted`, or one may have been that got no answer; what else is acknowledged is told `duplicate`. */
function checkAnswers({ id, route }: DrillEvent, answers: readonly DrillAnswer[]): readonly DrillViolation[] {
  const first = route === null ? 'ignored' : 'accepted';
  const acknowledged = answers.filter(isAcknowledged);
  const firsts = acknowledged.filter(({ status }) => status === first).length;
  const others = acknowledged.flatMap(({ status }) => (status === first || status === 'duplicate' ? [] : [status ?? 'nothing']));
  const mayBeFirst = answers.some(({ httpStatus }) => httpStatus === null || httpStatus >= 500);
  return [
    ...answers.flatMap(({ httpStatus, code }) => {
      if (httpStatus === null || httpStatus === 408 || httpStatus === 429 || httpStatus === 503 || isAcknowledged({ httpStatus }))
        return [];
      return [violation(httpStatus < 500 ? 'answer.refused' : 'answer.failed', id, `HTTP ${httpStatus} ${code ?? ''}`.trimEnd())];
    }),
    ...(acknowledged.length === 0 ? [violation('event.unacknowledged', id, toWhyNot(answers))] : []),
    ...(firsts > 1 ? [violation('event.doubled', id, `${firsts} tries were answered \`${first}\``)] : []),
    ...(acknowledged.length > 0 && firsts + others.length === 0 && !mayBeFirst
      ? [violation('answer.wrong', id, `no try was answered \`${first}\``)]
      : []),
    ...others.map((status) => violation('answer.wrong', id, `answered \`${status}\``)),
  ];
}

function toWhyNot(answers: readonly DrillAnswer[]): string {
  const last = answers.at(-1);
  return last === undefined
    ? 'not sent'
    : `the last of ${answers.length} tries: ${last.httpStatus ?? 'no answer'} ${last.code ?? ''}`.trimEnd();
}

function checkStored(
  { id, route }: DrillEvent,
  { acknowledged, rows }: { readonly acknowledged: number; readonly rows: readonly WholeEventView[] },
): readonly DrillViolation[] {
  const [row] = rows;
  if (row === undefined) return acknowledged === 0 ? [] : [violation('event.lost', id, 'acknowledged, and nothing is stored')];
  if (rows.length > 1) return [violation('event.doubled', id, `stored ${rows.length} times`)];
  const { deliveries } = row;
  const firsts = deliveries.filter(({ outcome }) => outcome === (route === null ? 'ignored' : 'accepted')).length;
  return [
    ...(firsts > 1 ? [violation('event.doubled', id, `${firsts} deliveries of it were not taken for duplicates`)] : []),
    ...(deliveries.length < Math.min(acknowledged, MOST_DELIVERIES)
      ? [violation('delivery.missing', id, `${acknowledged} tries were acknowledged, and ${deliveries.length} are stored`)]
      : []),
  ];
}

function checkOne({ id, route }: DrillEvent, { event, runs }: WholeEventView): readonly DrillViolation[] {
  const live = event.test ? [] : [violation('event.live', id, 'stored as no test traffic')];
  const always = route?.always ?? [];
  if (always.length > 0 && event.state !== 'routed')
    return [...live, violation('event.notRouted', id, `${event.state} ${event.code ?? ''}`.trimEnd())];
  const byChain = Map.groupBy(runs, ({ chain }) => chain);
  return [
    ...live,
    ...always.filter((chain) => !byChain.has(chain)).map((chain) => violation('run.missing', id, `none of \`${chain}\``)),
    ...[...byChain].flatMap(([chain, own]) => [
      ...(own.length > 1 ? [violation('run.doubled', id, `${own.length} of \`${chain}\``)] : []),
      ...(always.includes(chain) || route?.maybe.includes(chain) === true ? [] : [violation('run.stranger', id, `one of \`${chain}\``)]),
    ]),
    ...runs.flatMap(({ chain, state, code }) => {
      if (state === 'done') return [];
      const isOver = state === 'failed' || state === 'stopped';
      return [violation(isOver ? 'run.failed' : 'run.waiting', id, `\`${chain}\` is ${state} ${code ?? ''}`.trimEnd())];
    }),
  ];
}

/** A drill in which nothing happened proves nothing. */
function checkWeight({ sent, answers, stored, withCopies }: DrillFacts): readonly DrillViolation[] {
  const about = 'the whole';
  const wantsRuns = sent.some(({ route }) => route !== null);
  return [
    ...(wantsRuns && !stored.some(({ runs }) => runs.some(({ state }) => state === 'done'))
      ? [violation('drill.vacuous', about, 'no run is done')]
      : []),
    ...(withCopies && !answers.some(({ status }) => status === 'duplicate')
      ? [violation('drill.vacuous', about, 'nothing was answered `duplicate`')]
      : []),
  ];
}
