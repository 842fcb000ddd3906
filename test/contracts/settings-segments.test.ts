import { describe, expect, it } from 'vitest';
import { segmentRules } from '../../src/contracts/settings-segments.ts';

const { schema } = segmentRules();
const when = { field: 'plan', op: 'exists' };
const nested = (depth: number): object => (depth === 1 ? when : { not: nested(depth - 1) });

describe('segment rules of a settings file', () => {
  it.each<[string, unknown]>([
    ['none', []],
    [
      'one of each question',
      [
        {
          segment: 'a',
          when: {
            any: [
              when,
              { field: 'plan', op: 'equals', value: 'x' },
              { field: 'country', op: 'in', values: ['DE', 1, true] },
              { field: 'registeredAt', op: 'gte', value: '2026-01-01' },
              { field: 'attributes.team size', op: 'lte', value: 5 },
              { field: 'email', op: 'domain', values: ['example.com'] },
            ],
          },
        },
      ],
    ],
    ['eight levels', [{ segment: 'deep', when: nested(8) }]],
  ])('takes %s', (_name, rules) => {
    expect(schema.parse(rules)).toEqual(rules);
  });

  it.each<[string, unknown]>([
    ['one that is no list', { segment: 'a', when }],
    ['a segment without a rule', [{ segment: 'a' }]],
    [
      'a segment named twice',
      [
        { segment: 'a', when },
        { segment: 'a', when },
      ],
    ],
    ['a name that is no kebab-case', [{ segment: 'Big Spenders', when }]],
    ['the name of a prototype', [{ segment: 'constructor', when }]],
    ['a field that users have not', [{ segment: 'a', when: { field: 'password', op: 'exists' } }]],
    ['a field of a prototype', [{ segment: 'a', when: { field: '__proto__', op: 'exists' } }]],
    ['a question that is none', [{ segment: 'a', when: { field: 'plan', op: 'matches', value: '.*' } }]],
    ['a question with a word too many', [{ segment: 'a', when: { ...when, value: 1 } }]],
    ['a limit that is a word', [{ segment: 'a', when: { field: 'plan', op: 'gte', value: 'many' } }]],
    ['a domain with capitals', [{ segment: 'a', when: { field: 'email', op: 'domain', values: ['Example.com'] } }]],
    ['an empty `all`, which would hold for everybody', [{ segment: 'a', when: { all: [] } }]],
    ['nine levels', [{ segment: 'deep', when: nested(9) }]],
    ['101 rules', Array.from({ length: 101 }, (_item, index) => ({ segment: `a${index}`, when }))],
  ])('refuses %s', (_name, rules) => {
    expect(schema.safeParse(rules).success).toBe(false);
  });
});
