import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeIssues } from '../../src/events/_describe-issues.ts';

const CANARY = 'CANARY-91';

function complain(schema: z.ZodType, value: unknown): string {
  const { error } = schema.safeParse(value);
  return describeIssues(error?.issues ?? []);
}

it('says where, and what was expected', () => {
  expect(complain(z.object({ a: z.array(z.object({ b: z.int() })) }), { a: [{ b: 1 }, { b: 1.5 }] })).toMatch(
    /^\/a\/1\/b: Invalid input: expected int/,
  );
  expect(complain(z.string(), 5)).toMatch(/^the data: Invalid input: expected string/);
});

it('says the first five, and how many more there are', () => {
  const text = complain(
    z.array(z.int()),
    Array.from({ length: 8 }, () => 'x'),
  );
  expect(text.match(/expected/g)).toHaveLength(5);
  expect(text).toMatch(/; and 3 more$/);
});

it.each<[string, z.ZodType]>([
  ['another type', z.object({ v: z.number() })],
  ['a wrong choice', z.object({ v: z.enum(['a', 'b']) })],
  ['a wrong literal', z.object({ v: z.literal(5) })],
  ['a wrong form', z.object({ v: z.string().regex(/^a$/) })],
  ['a wrong mail address', z.object({ v: z.email() })],
  ['a text that is too long', z.object({ v: z.string().max(2) })],
  ['a key too many', z.strictObject({})],
  ['a wrong key', z.record(z.string().max(1), z.unknown())],
  ['a wrong member of a record', z.record(z.string(), z.number())],
  ['no member of a union', z.object({ v: z.union([z.number(), z.boolean()]) })],
  ['no member of a tagged union', z.object({ v: z.discriminatedUnion('t', [z.object({ t: z.literal('a') })]) })],
])('quotes neither values nor keys of the sender: %s', (_name, schema) => {
  for (const value of [{ v: CANARY }, { v: { t: CANARY } }, { v: [CANARY] }, { [CANARY]: CANARY }]) {
    expect(complain(schema, value)).not.toContain(CANARY);
  }
});
