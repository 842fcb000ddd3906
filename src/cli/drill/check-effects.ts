import type { WholeEventView } from '../../admin/api/views/event-view.ts';
import type { DrillViolation } from './check-outcome.ts';

/**
 * What is wrong with the effects of a drill's events: each is dry and has gone out never; those of runs that are done are done, once each; and
 * of a type and a chain every event has those of every other, since a drill says the same of all things of one kind.
 */
export function checkEffects(stored: readonly WholeEventView[]): readonly DrillViolation[] {
  const runs = stored.flatMap(toRuns);
  const wanted = new Map(
    [...Map.groupBy(runs, ({ alike }) => alike)].map(([alike, own]) => [alike, new Set(own.flatMap(({ calls }) => calls))]),
  );
  return [
    ...stored.flatMap(({ event, effects }) =>
      effects
        .filter(({ dry, sends }) => !dry || sends > 0)
        .map(({ action, sends }): DrillViolation => ({
          rule: 'effect.live',
          about: event.providerId,
          detail: `\`${action}\` is not dry, sent ${sends} times`,
        })),
    ),
    ...runs.flatMap(({ about, alike, calls, open }) => [
      ...open.map((detail): DrillViolation => ({ rule: 'effect.open', about, detail })),
      ...[...(wanted.get(alike) ?? [])]
        .filter((call) => !calls.includes(call))
        .map((call): DrillViolation => ({ rule: 'effect.missing', about, detail: `\`${call}\`, which others of its type have` })),
      ...[...new Set(calls)]
        .filter((call) => calls.indexOf(call) !== calls.lastIndexOf(call))
        .map((call): DrillViolation => ({ rule: 'effect.doubled', about, detail: `\`${call}\` stands more than once` })),
    ]),
  ];
}

/** The ledger of one finished run. */
interface FinishedRun {
  readonly about: string;
  /** What those runs have in common whose effects are to be the same. */
  readonly alike: string;
  /** Actions with their keys: each is one effect, whatever the round. */
  readonly calls: readonly string[];
  readonly open: readonly string[];
}

function toRuns({ event, runs, effects }: WholeEventView): readonly FinishedRun[] {
  return runs
    .filter(({ state }) => state === 'done')
    .map(({ chain, ledger }) => {
      const own = effects.filter((effect) => effect.ledger === ledger);
      return {
        about: event.providerId,
        alike: `${event.type} ${chain}`,
        calls: own.map(({ action, key }) => `${action} ${key}`),
        open: own.filter(({ state }) => state !== 'done').map(({ action, state }) => `\`${action}\` is ${state}`),
      };
    });
}
