import { metricsTable, type MetricEntry } from '../../src/contracts/metrics-table.ts';
import { errorTable } from '../../src/contracts/error-table.ts';
import { readPromql } from './promql.ts';
import { TEMPORAL_NAMES } from './temporal-names.ts';

/** What Prometheus adds to every series. */
const OF_TARGET = ['job', 'instance'];

const labelsByName = new Map<string, readonly string[]>([
  ['up', []],
  ['ALERTS', ['alertname', 'alertstate', 'severity']],
  ...Object.entries<MetricEntry>(metricsTable).map(([name, { labels }]) => [name, labels] as const),
  ...Object.entries(TEMPORAL_NAMES),
]);

/** Every metric and label of an expression that nobody measures, and every cause that no error has: none in a sound one. */
export function unknownNames(text: string): readonly string[] {
  const { selectors, grouped } = readPromql(text);
  const known = new Set(OF_TARGET);
  const unknown: string[] = [];
  for (const { name, matchers } of selectors) {
    const labels = labelsOf(name);
    if (labels === undefined) unknown.push(name);
    for (const label of labels ?? []) known.add(label);
    for (const { label, operator, value } of matchers) {
      if (labels?.includes(label) !== true && !OF_TARGET.includes(label)) unknown.push(`${name}{${label}}`);
      if (label === 'cause' && !isCause(operator, value)) unknown.push(`${name}{cause="${value}"}`);
    }
  }
  return [...unknown, ...grouped.filter((label) => !known.has(label))];
}

function labelsOf(name: string): readonly string[] | undefined {
  const histogram = name.replace(/_(?:bucket|sum|count)$/, '');
  const isPart = histogram !== name && isHistogram(histogram);
  const labels = labelsByName.get(isPart ? histogram : name);
  if (!isPart && isHistogram(name)) return undefined; // it has parts only
  return isPart && name.endsWith('_bucket') && labels !== undefined ? [...labels, 'le'] : labels;
}

function isHistogram(name: string): boolean {
  const table: Readonly<Record<string, MetricEntry>> = metricsTable;
  return table[name]?.kind === 'histogram' || (name in TEMPORAL_NAMES && name.endsWith('_latency_seconds'));
}

/** Every alternative of a pattern, as far as ours go: `a\.b|c\..*`, `a\.(b|c)`. */
function isCause(operator: string, value: string): boolean {
  const codes = Object.keys(errorTable);
  if (!operator.endsWith('~')) return codes.includes(value);
  const [, head = '', inner = value] = /^([^(]*)\((.*)\)$/.exec(value) ?? [];
  return inner.split('|').every((part) => codes.some((code) => new RegExp(`^(?:${head}${part})$`).test(code)));
}
