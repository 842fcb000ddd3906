import { canonicalJson } from '../../contracts/json.ts';
import type { DemoTraces } from './demo-story.ts';
import type { DemoFacts, DemoStep } from './play-demo.ts';

/** Something that is not as it should be. */
export interface DemoProblem {
  /** The webhook that it is about; absent where it is about all. */
  readonly of?: string;
  readonly expected: string;
  readonly got: string;
}

const TRACES: Readonly<Record<keyof DemoTraces, string>> = {
  mails: 'mails',
  warehouse: 'orders at the warehouse',
  notices: 'team notices',
  profiles: 'CRM profiles',
  orders: 'orders',
  tickets: 'tickets',
  customers: 'customers',
  users: 'users',
  counted: 'facts that were counted',
};

/**
 * Compares what the demonstration has led to with what it should have: answers, one finished run for each event that calls for one
 * and none for the rest, every effect once, what each chain has returned, a refusal with its cause; and of all stories together
 * exactly what they are to leave, no mail, notice or payment more, and the stock lower by just what was sold. Empty where all is well.
 */
export function checkDemo(facts: DemoFacts): readonly DemoProblem[] {
  const steps = facts.stories.flatMap((story) => story.steps);
  const refused = steps.filter(({ sent }) => sent.expected.status === 'refused');
  return [
    ...steps.flatMap((step) => checkStep(step, steps)),
    ...comparing(refused[0]?.sent.name)(
      'refused deliveries',
      facts.refused.map(({ source, code }) => `${source} ${code}`),
      refused.map(({ sent }) => `${sent.source} signature.mismatch`),
    ),
    ...checkTraces(facts),
    ...checkStock(facts),
  ];
}

function checkStep({ sent, answer, whole }: DemoStep, steps: readonly DemoStep[]): readonly DemoProblem[] {
  const { status, type, run } = sent.expected;
  const compare = comparing(sent.name);
  const answered = compare(
    'answer',
    answer.kind === 'answered' ? `${answer.httpStatus} ${answer.status}` : answer.reason,
    `${status === 'refused' ? 401 : 200} ${status}`,
  );
  if (type === null) return [...answered, ...compare('event', toEventText(whole), 'none')];
  const runs =
    whole?.runs.map(({ chain, state, attempt, code }) => [chain, state, `attempt ${attempt}`, code ?? ''].join(' ').trim()) ?? [];
  const effects = whole?.effects.map(({ action, state, round, sends }) => `${action} ${state} round ${round} sends ${sends}`) ?? [];
  return [
    ...answered,
    ...compare('event', toEventText(whole), `${type} ${run === null ? 'ignored' : 'routed'}`),
    ...compare('runs', runs, run === null ? [] : [`${run.chain} done attempt 1`]),
    ...compare(
      'effects',
      effects.toSorted(),
      (run?.effects ?? []).map(([action, sends]) => `${action} done round 0 sends ${sends}`).sort(),
    ),
    ...compare('result', canonicalJson(whole?.runs[0]?.result ?? null), canonicalJson(run?.result ?? null)),
    ...compare('deliveries', toDeliveryTexts(whole), deliveriesOf(whole, steps)),
  ];
}

function toEventText(whole: DemoStep['whole']): string {
  return whole === null ? 'none' : `${whole.event.type} ${whole.event.state}`;
}

/** Each with the secret that has signed it. */
function toDeliveryTexts(whole: DemoStep['whole']): readonly string[] {
  return whole?.deliveries.map(({ outcome, secretIndex }) => `${outcome} signed by secret ${String(secretIndex)}`) ?? [];
}

/** One for each time that the event was sent, in that order. */
function deliveriesOf(whole: DemoStep['whole'], steps: readonly DemoStep[]): readonly string[] {
  return steps
    .filter((step) => step.whole?.event.uuid === whole?.event.uuid)
    .map(({ sent }) => `${sent.expected.status} signed by secret 0`);
}

function checkTraces({ stories, traces }: DemoFacts): readonly DemoProblem[] {
  const kinds = Object.keys(TRACES) as readonly (keyof DemoTraces)[]; // the keys of a constant
  return kinds.flatMap((kind) => {
    const wanted = stories.flatMap<object>(({ story }) => story.leaves[kind] ?? []);
    return comparing()(TRACES[kind], traces[kind].map(toLine).sort(), wanted.map(toLine).sort());
  });
}

function checkStock({ stories, stockBefore, stockAfter }: DemoFacts): readonly DemoProblem[] {
  const soldOf = (sku: string): number => stories.reduce((sum, { story }) => sum + (story.takes?.[sku] ?? 0), 0);
  const toText = (sku: string, available: number): string => `${sku} ${available}`;
  return comparing()(
    'stock',
    stockAfter.map(({ sku, available }) => toText(sku, available)),
    stockBefore.map(({ sku, available }) => toText(sku, available - soldOf(sku))),
  );
}

/** A row as `name value, name value`, whatever the order of its members. */
function toLine(row: object): string {
  return Object.entries(row)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

function comparing(
  of?: string,
): (what: string, got: string | readonly string[], wanted: string | readonly string[]) => readonly DemoProblem[] {
  return (what, got, wanted) => {
    if (JSON.stringify(got) === JSON.stringify(wanted)) return [];
    const problem = { expected: `${what}: ${toText(wanted)}`, got: toText(got) };
    return [of === undefined ? problem : { of, ...problem }];
  };
}

function toText(value: string | readonly string[]): string {
  if (typeof value === 'string') return value;
  return value.length === 0 ? 'none' : value.join('; ');
}
