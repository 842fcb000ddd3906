import { toPrintable } from '../../admin/printable.ts';
import { toTable, type Paint } from '../table.ts';
import type { DrillVerdict } from './to-drill-verdict.ts';

/** Violations that a person is shown; `--json` has up to 100. */
const MOST_SHOWN = 20;

/** A verdict for a person: what happened in a short table, what is wrong, and what stays behind. */
export function toDrillScreen(verdict: DrillVerdict, paint: Paint): string {
  const { drill, source, seed, ok, stoppedEarly, counts, ackMs, violations, violationCount, idsBegin } = verdict;
  const rows = [
    ['events', `${counts.acknowledged} of ${counts.sent} acknowledged`],
    ['posts', `${counts.tries}, ${counts.duplicates} answered \`duplicate\``],
    ['answered within', `p50 ${ackMs.p50} ms, p99 ${ackMs.p99} ms, at most ${ackMs.max} ms`],
    ['runs', toList(counts.runs)],
    ['effects', toSum(counts.effects)],
  ];
  const shown = violations.slice(0, MOST_SHOWN);
  return [
    toTable({ head: [drill, `source ${source}, seed ${seed}`], rows }, paint),
    '',
    ok
      ? paint('good', '✓ each acknowledged event stands once, with one run of each of its chains, and each effect once and dry')
      : paint('bad', `✗ ${violationCount} ${violationCount === 1 ? 'thing is' : 'things are'} not as promised`),
    ...shown.map(({ rule, about, detail }) => `${paint('bad', '✗')} ${rule}: ${toPrintable(about)}: ${toPrintable(detail)}`),
    ...(violationCount > shown.length ? [`  and ${violationCount - shown.length} more`] : []),
    ...(stoppedEarly ? ['The first events were not treated as they should be, so nothing more was sent.'] : []),
    '',
    `What stays behind are rows: \`hookline events --source ${source} --text ${idsBegin}\` lists them; they leave as \`retention\` says.`,
  ].join('\n');
}

/** There may be more actions than a line holds. */
function toSum(counts: Readonly<Record<string, number>>): string {
  const each = Object.values(counts);
  return each.length === 0 ? 'none' : `${each.reduce((sum, count) => sum + count, 0)} of ${each.length} actions`;
}

function toList(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
