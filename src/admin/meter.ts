import type { Meter, MetricName } from '../contracts/metrics.ts';
import { metricsTable, type MetricEntry } from '../contracts/metrics-table.ts';
import type { Role } from './readiness.ts';

/** A meter whose values can be read. */
export interface ReadableMeter extends Meter {
  /** All values in Prometheus' text format 0.0.4, in the table's order. */
  toText(): string;
}

type Labels = Readonly<Record<string, string>>;

interface Series {
  /** `source="shop",outcome="accepted"`, or nothing. */
  readonly labels: string;
  /** Of a counter. */
  value: number;
  /** Of a histogram: observations of each bucket by itself, the one without bound last. */
  readonly buckets: number[];
  sum: number;
}

/** A fuse, since label values are ours: what would make more series of one metric is put together under `other`. */
const MAX_SERIES = 2_000;

/**
 * Makes a meter for one process. A histogram without labels that is of its role stands there from the start, everything else once
 * it has a value.
 */
export function createMeter(role: Role): ReadableMeter {
  const kept = new Map<MetricName, Map<string, Series>>();
  const watched = new Map<MetricName, () => readonly { readonly labels: Labels; readonly value: number }[]>();

  const seriesOf = (name: MetricName, labels: Labels): Series => {
    const { labels: names, buckets = [] }: MetricEntry = metricsTable[name];
    const ofName = kept.get(name) ?? new Map<string, Series>();
    kept.set(name, ofName);
    const text = toLabels(names, labels);
    const key = ofName.size < MAX_SERIES || ofName.has(text) ? text : toLabels(names, {}, 'other');
    const found = ofName.get(key);
    if (found !== undefined) return found;
    const made = { labels: key, value: 0, buckets: [...buckets, Infinity].map(() => 0), sum: 0 };
    ofName.set(key, made);
    return made;
  };

  const toSamples = (name: MetricName, { kind, labels, buckets = [] }: MetricEntry): readonly string[] => {
    const read = watched.get(name);
    if (read !== undefined) return read().map((sample) => toLine(name, toLabels(labels, sample.labels), sample.value));
    const series = [...(kept.get(name)?.values() ?? [])];
    if (kind === 'counter') return series.map((one) => toLine(name, one.labels, one.value));
    return series.flatMap((one) => toHistogram(name, one, buckets));
  };

  for (const [name, { kind, labels, of }] of entries())
    if (kind === 'histogram' && labels.length === 0 && (role === 'up' || of === 'all' || of === role)) seriesOf(name, {});

  return {
    count(name, labels, by = 1) {
      seriesOf(name, labels).value += by;
    },
    observe(name, labels, value) {
      const series = seriesOf(name, labels);
      const { buckets: bounds }: MetricEntry = metricsTable[name];
      const at = (bounds ?? []).findIndex((bound) => value <= bound);
      const index = at < 0 ? series.buckets.length - 1 : at;
      series.buckets[index] = (series.buckets[index] ?? 0) + 1;
      series.sum += value;
    },
    watch(name, read) {
      watched.set(name, read);
    },
    toText: () =>
      entries()
        .flatMap(([name, entry]) => {
          const samples = toSamples(name, entry);
          return samples.length === 0 ? [] : [`# HELP ${name} ${escapeHelp(entry.means)}`, `# TYPE ${name} ${entry.kind}`, ...samples];
        })
        .map((line) => `${line}\n`)
        .join(''),
  };
}

function entries(): readonly (readonly [MetricName, MetricEntry])[] {
  return Object.entries(metricsTable) as [MetricName, MetricEntry][]; // the table's own keys
}

/** Buckets are cumulative in the text, and the last one is the count. */
function toHistogram(name: string, { labels, buckets, sum }: Series, bounds: readonly number[]): readonly string[] {
  let count = 0;
  const lines = buckets.map((inBucket, index) => {
    count += inBucket;
    const bound = `le="${toNumber(bounds[index] ?? Infinity)}"`;
    return toLine(`${name}_bucket`, labels === '' ? bound : `${labels},${bound}`, count);
  });
  return [...lines, toLine(`${name}_sum`, labels, sum), toLine(`${name}_count`, labels, count)];
}

function toLine(name: string, labels: string, value: number): string {
  return `${name}${labels === '' ? '' : `{${labels}}`} ${toNumber(value)}`;
}

function toLabels(names: readonly string[], labels: Labels, otherwise = ''): string {
  return names.map((name) => `${name}="${escapeValue(labels[name] ?? otherwise)}"`).join(',');
}

function toNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
