import { readFileSync } from 'node:fs';
import { segmentRules, type SegmentCondition, type SegmentRule } from '../contracts/settings-segments.ts';
import { parseIsoTime } from '../events/_iso-time.ts';
import type { User } from '../events/_user.ts';

const BUILT_IN = new URL('./segment-rules.json', import.meta.url);

/** The rules of `segment-rules.json`, which hold where `marketing.segments` names none; judged like those of a settings file. */
export function readSegmentRules(): readonly SegmentRule[] {
  return segmentRules().schema.parse(JSON.parse(readFileSync(BUILT_IN, 'utf8')));
}

/**
 * The segments of a user by declared rules, sorted by name. Total: what a user has not, or has of another kind than the rule asks
 * for, makes the question false, and nothing throws. No pattern of a rule or a user is ever run.
 */
export function segmentsOf(user: User, rules: readonly SegmentRule[]): readonly string[] {
  return rules
    .filter(({ when }) => holds(when, user))
    .map(({ segment }) => segment)
    .sort();
}

function holds(condition: SegmentCondition, user: User): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, user));
  if ('any' in condition) return condition.any.some((part) => holds(part, user));
  if ('not' in condition) return !holds(condition.not, user);
  const value = valueOf(condition.field, user);
  if (value === undefined) return false;
  switch (condition.op) {
    case 'exists':
      return true;
    case 'equals':
      return value === condition.value;
    case 'in':
      return condition.values.includes(value);
    case 'gte':
      return compare(value, condition.value) >= 0;
    case 'lte':
      return compare(value, condition.value) <= 0;
    case 'domain':
      return isAt(value, condition.values);
  }
}

/** What a user has in a field; `undefined` for nothing: null, or the empty text. */
function valueOf(field: string, user: User): string | number | boolean | undefined {
  const [holder, name]: readonly [object, string] = field.startsWith('attributes.')
    ? [user.attributes, field.slice('attributes.'.length)]
    : [user, field];
  const value: unknown = Object.hasOwn(holder, name) ? Reflect.get(holder, name) : undefined;
  return value !== '' && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') ? value : undefined;
}

/** Numbers with numbers, ISO 8601 times with such times; NaN, which is neither more nor less, for anything else. */
function compare(value: string | number | boolean, limit: number | string): number {
  if (typeof value === 'number' && typeof limit === 'number') return value - limit;
  if (typeof value !== 'string' || typeof limit !== 'string') return Number.NaN;
  return (parseIsoTime(value)?.getTime() ?? Number.NaN) - (parseIsoTime(limit)?.getTime() ?? Number.NaN);
}

/** Whether a mail address is at one of the domains or below it. */
function isAt(value: string | number | boolean, domains: readonly string[]): boolean {
  if (typeof value !== 'string' || !value.includes('@')) return false;
  const host = value.slice(value.lastIndexOf('@') + 1).toLowerCase();
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
