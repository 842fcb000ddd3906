import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { metricsTable, type MetricEntry } from '../../src/contracts/metrics-table.ts';

const SOURCES = join(import.meta.dirname, '../../src');
const rows = Object.entries<MetricEntry>(metricsTable);

describe('metricsTable', () => {
  test('has exactly the names that the code measures', async () => {
    const files = (await readdir(SOURCES, { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('contracts/metrics-table.ts'),
    );
    const texts = await Promise.all(files.map((file) => readFile(join(SOURCES, file), 'utf8')));
    const used = new Set(
      texts.flatMap((text) => [...text.matchAll(/(?:count|observe|watch)\(\s*'((?:hookline|process)_\w+)'/g)].map(([, name]) => name)),
    );
    expect(used).toEqual(new Set(rows.map(([name]) => name)));
  });

  test.each(rows)('%s is named as Prometheus names such a thing', (name, { kind, unit, labels }) => {
    expect(name).toMatch(/^(?:hookline|process)(?:_[a-z]+)+$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    if (unit === 's') expect(name).toMatch(/_seconds(?:_total)?$/);
    if (unit === 'bytes') expect(name).toMatch(/_bytes$/);
    expect(labels.filter((label) => ['le', 'quantile', 'job', 'instance'].includes(label) || !/^[a-z]+$/.test(label))).toEqual([]);
  });

  test.each(rows.filter(([, { kind }]) => kind === 'histogram'))('%s has ascending buckets', (_name, { buckets = [] }) => {
    expect(buckets.length).toBeGreaterThan(0);
    expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b));
  });
});
