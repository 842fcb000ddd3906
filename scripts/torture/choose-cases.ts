import { createRandom } from '../../src/cli/drill/create-random.ts';
import { MODES } from './io-call.ts';
import { toCaseId, type IoSite, type TortureCase } from './io-site.ts';

/** Every site in every mode, those that take longest first, so that the last one keeps nobody waiting. */
export function allCases(sites: readonly IoSite[]): readonly TortureCase[] {
  return MODES.toReversed().flatMap((mode) => sites.filter(({ modes }) => modes.includes(mode)).map((site) => ({ site, mode })));
}

/**
 * A choice for a short run: every site once, by a reply that is lost, or a connect that fails; those that are kept; and others, chosen by the
 * seed, that do not hang: each of those waits for a deadline of the product's.
 */
export function chooseCases(
  sites: readonly IoSite[],
  { seed, count, kept }: { readonly seed: number; readonly count: number; readonly kept: readonly string[] },
): readonly TortureCase[] {
  const random = createRandom(seed);
  const all = allCases(sites);
  const isKept = (one: TortureCase): boolean => kept.includes(toCaseId(one));
  const isFirst = ({ site, mode }: TortureCase): boolean => mode === (site.modes.includes('cutAfter') ? 'cutAfter' : 'cutBefore');
  const others = all.filter((one) => !isKept(one) && !isFirst(one) && !one.mode.startsWith('hang'));
  const chosen = others
    .map((one) => ({ one, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ one }) => one);
  const firsts = all.filter(isFirst);
  return [...all.filter(isKept), ...chosen, ...firsts.filter(isTask), ...firsts.filter((one) => !isTask(one))];
}

/** Whether it is a worker's talk with Temporal: of a task that is lost, Temporal hears nothing for 10 s before it gives it to another. */
function isTask({ site }: TortureCase): boolean {
  return /^(?:Poll|Respond)/.test(site.name);
}
