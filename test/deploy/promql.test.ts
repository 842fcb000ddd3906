import { describe, expect, it } from 'vitest';
import { readPromql } from './promql.ts';

describe('readPromql', () => {
  it('finds selectors with their matchers, and labels that are grouped by', () => {
    expect(readPromql('60 * sum by (source, le) (rate(a_total{outcome="refused",cause!~"x\\\\..*"}[5m])) > 60')).toEqual({
      selectors: [
        {
          name: 'a_total',
          matchers: [
            { label: 'outcome', operator: '=', value: 'refused' },
            { label: 'cause', operator: '!~', value: 'x\\..*' },
          ],
        },
      ],
      grouped: ['source', 'le'],
    });
  });

  it('takes functions, aggregations, words and numbers for no selectors', () => {
    const { selectors, grouped } = readPromql(
      'max(a) > 0 unless on () (count(b) > 0) or vector(0) and c * on (job) group_left (role) d / 1e3',
    );
    expect(selectors.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(grouped).toEqual(['job', 'role']);
  });

  it('knows the variables of a dashboard', () => {
    expect(readPromql('rate(a{source=~"$source"}[$__rate_interval])').selectors).toEqual([
      { name: 'a', matchers: [{ label: 'source', operator: '=~', value: '$source' }] },
    ]);
  });

  it.each(['sum(a', 'sum(a))', 'a{b="c"', 'a{b="c}', 'rate(a[5m)', 'sum(a}'])('throws at %s', (text) => {
    expect(() => readPromql(text)).toThrow(/closed|opens nowhere|alone/);
  });
});
