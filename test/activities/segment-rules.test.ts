import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSegmentRules, segmentsOf } from '../../src/activities/segment-rules.ts';
import { segmentRules, type SegmentCondition } from '../../src/contracts/settings-segments.ts';
import { user as userSchema, type User } from '../../src/events/_user.ts';
import { userRegistered } from '../../scripts/record/sample-user.ts';

const ada = userRegistered({
  email: 'ada@eu.Example.com',
  registeredAt: '2026-06-15T12:00:00.000Z',
  attributes: { team_size: 60, trial: true, note: '', source: 'blog' },
}).data;
const holdsFor = (when: SegmentCondition, user: User = ada): boolean => segmentsOf(user, [{ segment: 'it', when }]).length === 1;

describe('a condition', () => {
  it.each<[SegmentCondition, boolean]>([
    [{ field: 'plan', op: 'equals', value: 'team' }, true],
    [{ field: 'plan', op: 'equals', value: 'Team' }, false],
    [{ field: 'marketingConsent', op: 'equals', value: true }, true],
    [{ field: 'marketingConsent', op: 'equals', value: 'true' }, false],
    [{ field: 'attributes.team_size', op: 'equals', value: '60' }, false],
    [{ field: 'country', op: 'in', values: ['FR', 'GB'] }, true],
    [{ field: 'country', op: 'in', values: ['FR'] }, false],
    [{ field: 'attributes.source', op: 'exists' }, true],
    [{ field: 'attributes.note', op: 'exists' }, false],
    [{ field: 'attributes.missing', op: 'exists' }, false],
    [{ field: 'attributes.constructor', op: 'exists' }, false],
    [{ field: 'attributes.__proto__', op: 'exists' }, false],
    [{ field: 'attributes.team_size', op: 'gte', value: 60 }, true],
    [{ field: 'attributes.team_size', op: 'gte', value: 61 }, false],
    [{ field: 'attributes.team_size', op: 'lte', value: 60 }, true],
    [{ field: 'attributes.source', op: 'gte', value: 0 }, false],
    [{ field: 'attributes.source', op: 'lte', value: 0 }, false],
    [{ field: 'attributes.trial', op: 'gte', value: 0 }, false],
    [{ field: 'registeredAt', op: 'gte', value: '2026-06-15' }, true],
    [{ field: 'registeredAt', op: 'gte', value: '2026-06-15T14:00:01+02:00' }, false],
    [{ field: 'registeredAt', op: 'lte', value: '2026-06-15T14:00:00+02:00' }, true],
    [{ field: 'registeredAt', op: 'lte', value: 2026 }, false],
    [{ field: 'plan', op: 'gte', value: '2026-06-15' }, false],
    [{ field: 'email', op: 'domain', values: ['example.com'] }, true],
    [{ field: 'email', op: 'domain', values: ['eu.example.com'] }, true],
    [{ field: 'email', op: 'domain', values: ['ample.com'] }, false],
    [{ field: 'attributes.source', op: 'domain', values: ['blog'] }, false],
    [
      {
        all: [
          { field: 'plan', op: 'exists' },
          { field: 'country', op: 'exists' },
        ],
      },
      true,
    ],
    [
      {
        all: [
          { field: 'plan', op: 'exists' },
          { field: 'attributes.x', op: 'exists' },
        ],
      },
      false,
    ],
    [
      {
        any: [
          { field: 'attributes.x', op: 'exists' },
          { field: 'plan', op: 'exists' },
        ],
      },
      true,
    ],
    [{ any: [{ field: 'attributes.x', op: 'exists' }] }, false],
    [{ not: { field: 'attributes.x', op: 'exists' } }, true],
  ])('%j: %s', (when, expected) => {
    expect(holdsFor(when)).toBe(expected);
  });

  it('says no of what a user has not', () => {
    const nobody = userRegistered({ email: null, name: null, country: null, plan: null, marketingConsent: null, attributes: {} }).data;
    for (const field of ['email', 'name', 'country', 'plan', 'marketingConsent'])
      expect(
        holdsFor(
          {
            any: [
              { field, op: 'exists' },
              { field, op: 'equals', value: false },
              { field, op: 'domain', values: ['null'] },
            ],
          },
          nobody,
        ),
      ).toBe(false);
  });
});

const scalar = fc.oneof(fc.string({ maxLength: 20 }), fc.integer({ min: -5, max: 200 }), fc.boolean());
const users: fc.Arbitrary<User> = fc.record({
  id: fc.uuid().map((id) => `app:${id}`),
  email: fc.option(
    fc
      .tuple(
        fc.constantFrom('ada', 'grace', 'lin'),
        fc.constantFrom('gmail.com', 'example.com', 'mail.example.com', 'web.de', 'notgmail.com'),
      )
      .map((parts) => parts.join('@')),
  ),
  name: fc.option(fc.string({ maxLength: 20 })),
  registeredAt: fc
    .date({ min: new Date('2024-01-01'), max: new Date('2026-11-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  country: fc.option(fc.constantFrom('DE', 'FR', 'GB', 'US', 'Atlantis')),
  plan: fc.option(fc.constantFrom('free', 'trial', 'team', 'business')),
  marketingConsent: fc.option(fc.boolean()),
  attributes: fc.dictionary(fc.constantFrom('team_size', 'source', 'constructor', 'x'), scalar, { maxKeys: 4 }),
});
const fields = fc.constantFrom(
  'email',
  'name',
  'country',
  'plan',
  'marketingConsent',
  'registeredAt',
  'attributes.team_size',
  'attributes.constructor',
  'attributes.toString',
);
const conditions: fc.Arbitrary<SegmentCondition> = fc.letrec<{ condition: SegmentCondition; plain: SegmentCondition }>((tie) => ({
  plain: fc.oneof(
    fc.record({ field: fields, op: fc.constant('exists' as const) }),
    fc.record({ field: fields, op: fc.constant('equals' as const), value: scalar }),
    fc.record({ field: fields, op: fc.constant('in' as const), values: fc.array(scalar, { minLength: 1, maxLength: 4 }) }),
    fc.record({
      field: fields,
      op: fc.constantFrom('gte' as const, 'lte' as const),
      value: fc.oneof(fc.integer({ min: -5, max: 200 }), fc.constant('2025-06-01')),
    }),
    fc.record({
      field: fields,
      op: fc.constant('domain' as const),
      values: fc.subarray(['gmail.com', 'example.com', 'de'], { minLength: 1 }),
    }),
  ),
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('plain'),
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
})).condition;

describe('segments of 1,000 made-up users', () => {
  const made = fc.sample(users, { numRuns: 1_000, seed: 4 });
  const rules = readSegmentRules();
  const inSegment = (segment: string): readonly User[] => made.filter((user) => segmentsOf(user, rules).includes(segment));

  it('are users as the event has them', () => {
    expect(made.filter((user) => !userSchema.safeParse(user).success)).toEqual([]);
  });

  it.each<[string, (user: User) => boolean]>([
    ['newsletter', ({ marketingConsent, email }) => marketingConsent === true && email !== null],
    ['paying', ({ plan }) => plan === 'team' || plan === 'business'],
    ['business', ({ email }) => email !== null && !/@(?:gmail\.com|web\.de)$/.test(email)],
    ['european-union', ({ country }) => country === 'DE' || country === 'FR'],
    [
      'large-team',
      ({ attributes }) =>
        Object.hasOwn(attributes, 'team_size') && typeof attributes['team_size'] === 'number' && attributes['team_size'] >= 50,
    ],
  ])('built-in %s: exactly those whom its words say', (segment, says) => {
    expect(inSegment(segment)).toEqual(made.filter(says));
    expect(inSegment(segment).length).toBeGreaterThan(20);
    expect(inSegment(segment).length).toBeLessThan(980);
  });

  it('are none but the declared ones, sorted, each once, whatever the order of the rules', () => {
    const declared = rules.map(({ segment }) => segment).sort();
    for (const user of made) {
      const segments = segmentsOf(user, rules);
      expect(segments).toEqual(declared.filter((segment) => segments.includes(segment)));
      expect(segmentsOf(user, rules.toReversed())).toEqual(segments);
    }
  });

  it('obey logic for any rule: a rule or its contrary, never both, and the laws of De Morgan', () => {
    const pairs = fc.sample(fc.tuple(conditions, conditions), { numRuns: 1_000, seed: 5 });
    for (const [index, user] of made.entries()) {
      const [a, b] = pairs[index] as [SegmentCondition, SegmentCondition];
      expect(holdsFor({ not: a }, user)).toBe(!holdsFor(a, user));
      expect(holdsFor({ all: [a, b] }, user)).toBe(holdsFor(a, user) && holdsFor(b, user));
      expect(holdsFor({ not: { any: [a, b] } }, user)).toBe(holdsFor({ all: [{ not: a }, { not: b }] }, user));
    }
  });
});

describe('the page of the story', () => {
  const page = readFileSync(new URL('../../docs/stories/user-registered.md', import.meta.url), 'utf8');

  it('shows rules that a settings file may have', () => {
    const settings = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '') as { readonly marketing: { readonly segments: unknown } };
    expect(segmentRules().schema.parse(settings.marketing.segments)).toHaveLength(3);
  });

  it('names every built-in segment', () => {
    for (const { segment } of readSegmentRules()) expect(page).toContain(`\`${segment}\``);
  });
});
