import { describe, expect, test } from 'vitest';
import { createMeter } from '../../src/admin/meter.ts';

/** The lines of one metric. */
const linesOf = (text: string, name: string): readonly string[] =>
  text.split('\n').filter((line) => line.replace('# HELP ', '').replace('# TYPE ', '').startsWith(name));

describe('createMeter', () => {
  test('shows a counter with help, type and each set of labels', () => {
    const meter = createMeter('up');
    meter.count('hookline_ingress_deliveries_total', { source: 'shop', outcome: 'accepted', cause: '' });
    meter.count('hookline_ingress_deliveries_total', { source: 'shop', outcome: 'accepted', cause: '' }, 2);
    meter.count('hookline_ingress_deliveries_total', { source: 'shop', outcome: 'refused', cause: 'signature.mismatch' });
    const [help, ...rest] = linesOf(meter.toText(), 'hookline_ingress_deliveries_total');
    expect(help).toMatch(/^# HELP hookline_ingress_deliveries_total Deliveries answered/);
    expect(rest).toEqual([
      '# TYPE hookline_ingress_deliveries_total counter',
      'hookline_ingress_deliveries_total{source="shop",outcome="accepted",cause=""} 3',
      'hookline_ingress_deliveries_total{source="shop",outcome="refused",cause="signature.mismatch"} 1',
    ]);
  });

  test('shows the labels in the order of the table, whatever the order of the call', () => {
    const meter = createMeter('up');
    meter.count('hookline_ingress_deliveries_total', { cause: 'c', outcome: 'b', source: 'a' });
    meter.count('hookline_ingress_deliveries_total', { source: 'a', cause: 'c', outcome: 'b' });
    expect(meter.toText()).toContain('\nhookline_ingress_deliveries_total{source="a",outcome="b",cause="c"} 2\n');
  });

  test('escapes backslash, quote and newline in a label', () => {
    const meter = createMeter('up');
    meter.count('hookline_starts_total', { outcome: 'a\\b"c\nd', cause: '' });
    expect(meter.toText()).toContain('hookline_starts_total{outcome="a\\\\b\\"c\\nd",cause=""} 1\n');
  });

  test('counts an observation in its bucket and in every larger one; a bound belongs to its bucket', () => {
    const meter = createMeter('up');
    for (const size of [1, 2, 3, 256, 257]) meter.observe('hookline_inbox_commit_size', {}, size);
    expect(linesOf(meter.toText(), 'hookline_inbox_commit_size').slice(1)).toEqual([
      '# TYPE hookline_inbox_commit_size histogram',
      'hookline_inbox_commit_size_bucket{le="1"} 1',
      'hookline_inbox_commit_size_bucket{le="2"} 2',
      'hookline_inbox_commit_size_bucket{le="4"} 3',
      'hookline_inbox_commit_size_bucket{le="8"} 3',
      'hookline_inbox_commit_size_bucket{le="16"} 3',
      'hookline_inbox_commit_size_bucket{le="32"} 3',
      'hookline_inbox_commit_size_bucket{le="64"} 3',
      'hookline_inbox_commit_size_bucket{le="128"} 3',
      'hookline_inbox_commit_size_bucket{le="256"} 4',
      'hookline_inbox_commit_size_bucket{le="+Inf"} 5',
      'hookline_inbox_commit_size_sum 519',
      'hookline_inbox_commit_size_count 5',
    ]);
  });

  test("puts a bucket's bound after a histogram's own labels", () => {
    const meter = createMeter('up');
    meter.observe('hookline_action_duration_seconds', { agent: 'email', action: 'send' }, 0.2);
    const text = meter.toText();
    expect(text).toContain('hookline_action_duration_seconds_bucket{agent="email",action="send",le="0.1"} 0\n');
    expect(text).toContain('hookline_action_duration_seconds_bucket{agent="email",action="send",le="0.25"} 1\n');
    expect(text).toContain('hookline_action_duration_seconds_sum{agent="email",action="send"} 0.2\n');
  });

  test('shows a histogram without labels from the start, and a metric with labels only when it has values', () => {
    const text = createMeter('up').toText();
    expect(text).toContain('hookline_ingress_ack_duration_seconds_count 0\n');
    expect(text).not.toContain('hookline_starts_total');
    expect(text).not.toContain('process_cpu_seconds_total');
  });

  test('shows a worker no histogram of an ingress', () => {
    expect(createMeter('worker').toText()).toBe('');
    expect(createMeter('ingress').toText()).toContain('hookline_start_duration_seconds_count 0\n');
  });

  test('reads watched values at each scrape', () => {
    const meter = createMeter('up');
    let waiting = 3;
    meter.watch('hookline_inbox_waiting', () => [{ labels: {}, value: waiting }]);
    expect(meter.toText()).toContain('\nhookline_inbox_waiting 3\n');
    waiting = 4;
    expect(meter.toText()).toContain('\nhookline_inbox_waiting 4\n');
  });

  test('writes what is no finite number as Prometheus reads it', () => {
    const meter = createMeter('up');
    meter.watch('hookline_runs', () =>
      [NaN, Infinity, -Infinity, 1e21].map((value, index) => ({ labels: { state: String(index) }, value })),
    );
    expect(linesOf(meter.toText(), 'hookline_runs{')).toEqual([
      'hookline_runs{state="0"} NaN',
      'hookline_runs{state="1"} +Inf',
      'hookline_runs{state="2"} -Inf',
      'hookline_runs{state="3"} 1e+21',
    ]);
  });

  test('puts together what would be more than 2,000 series of one metric', () => {
    const meter = createMeter('up');
    for (let index = 0; index < 2_100; index++) meter.count('hookline_starts_total', { outcome: `o${index}`, cause: '' });
    const lines = linesOf(meter.toText(), 'hookline_starts_total{');
    expect(lines).toHaveLength(2_001);
    expect(lines).toContain('hookline_starts_total{outcome="other",cause="other"} 100');
  });
});
