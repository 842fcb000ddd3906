import { z } from 'zod';
import { NAME } from './ids.ts';
import type { SettingKind } from './settings-kinds.ts';

/** What a rule asks of a user: one thing of one field, or several joined. */
export type SegmentCondition =
  | { readonly all: readonly SegmentCondition[] }
  | { readonly any: readonly SegmentCondition[] }
  | { readonly not: SegmentCondition }
  | { readonly field: string; readonly op: 'exists' }
  | { readonly field: string; readonly op: 'equals'; readonly value: string | number | boolean }
  | { readonly field: string; readonly op: 'in'; readonly values: readonly (string | number | boolean)[] }
  | { readonly field: string; readonly op: 'gte' | 'lte'; readonly value: number | string }
  | { readonly field: string; readonly op: 'domain'; readonly values: readonly string[] };

/** One declared segment: data, never code. */
export interface SegmentRule {
  /** Kebab-case. */
  readonly segment: string;
  readonly when: SegmentCondition;
}

/** How deep conditions nest; so deep goes the recursion of whoever evaluates them. */
const MAX_DEPTH = 8;
const MAX_RULES = 100;
const FIELD = /^(?:email|name|country|plan|marketingConsent|registeredAt|attributes\.[^\p{Cc}]{1,100})$/u;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

const field = z.string().regex(FIELD);
const scalar = z.union([z.string().max(500), z.number(), z.boolean()]);
const list = <Item>(item: z.ZodType<Item>): z.ZodType<readonly Item[]> => z.array(item).min(1).max(500).readonly();
const limit = z.union([z.number(), z.iso.datetime({ offset: true }), z.iso.date()]);

/** Conditions that nest at most so deep; built whole, so that no file can make it go deeper. */
function conditionOf(depth: number): z.ZodType<SegmentCondition> {
  const plain = [
    z.strictObject({ field, op: z.literal('exists') }),
    z.strictObject({ field, op: z.literal('equals'), value: scalar }),
    z.strictObject({ field, op: z.literal('in'), values: list(scalar) }),
    z.strictObject({ field, op: z.enum(['gte', 'lte']), value: limit }),
    z.strictObject({ field, op: z.literal('domain'), values: list(z.string().regex(DOMAIN)) }),
  ] as const;
  if (depth === 1) return z.union(plain);
  const inner = conditionOf(depth - 1);
  return z.union([...plain, z.strictObject({ all: list(inner) }), z.strictObject({ any: list(inner) }), z.strictObject({ not: inner })]);
}

const rule = z.strictObject({ segment: z.string().max(64).regex(NAME), when: conditionOf(MAX_DEPTH) });

/** Declared segments: at most 100, each named once. */
export function segmentRules(): SettingKind<readonly SegmentRule[]> {
  return {
    expected: 'rules such as `{ segment: paying, when: { field: plan, op: in, values: [team, business] } }`',
    schema: z
      .array(rule)
      .max(MAX_RULES)
      .refine((rules) => new Set(rules.map(({ segment }) => segment)).size === rules.length)
      .readonly(),
  };
}
