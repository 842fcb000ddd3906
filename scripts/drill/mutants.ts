import type { DrillPlan } from './drill-plan.ts';
import { ingressKillDrill } from './drills/ingress-kill.ts';
import { duplicateStormDrill } from './drills/duplicate-storm.ts';
import { reorderDrill } from './drills/reorder.ts';
import { vendorErrorsDrill } from './drills/vendor-errors.ts';
import type { Patch } from './patched-copy.ts';
import type { Rule } from './verdict.ts';

/** The product with one guard taken out, the drill that must notice, and the rule by which. */
export interface Mutant {
  readonly name: string;
  readonly means: string;
  readonly patch: Patch;
  readonly plan: DrillPlan;
  readonly rule: Rule;
}

/** One mutant for each guard that the promises rest on. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'dedupe',
    means: 'every delivery is an event of its own',
    patch: {
      file: 'src/contracts/ids.ts',
      from: 'return PLAIN_ID.test(providerId) && !isHashedId(providerId) ? providerId : `x-${base32(sha256(providerId))}`;',
      to: 'return `${providerId}-${randomBytes(6).toString("hex")}`;',
    },
    plan: duplicateStormDrill,
    rule: 'event.doubled',
  },
  {
    name: 'ledger',
    means: 'each attempt of an effect has a row and a key of its own',
    patch: {
      file: 'src/activities/effect-ledger.ts',
      from: 'export async function performEffect(pool: Pool, performance: EffectPerformance): Promise<Performed> {',
      to: 'export async function performEffect(pool: Pool, given: EffectPerformance): Promise<Performed> { const performance = { ...given, call: { ...given.call, key: `${given.call.key}-${Math.random()}` } };',
    },
    plan: vendorErrorsDrill,
    rule: 'effect.doubled',
  },
  {
    name: 'fsync-order',
    means: 'a delivery is acknowledged before its commit',
    patch: {
      file: 'src/store/inbox.ts',
      from: 'const { added, sameBodyAs } = await insertBatch(pool, batch);',
      to: 'const { added, sameBodyAs } = { added: new Set(mentions.map(({ event }) => event.uuid)), sameBodyAs: new Map<number, string>() }; setTimeout(() => void insertBatch(pool, batch).catch(() => undefined), 300);',
    },
    plan: ingressKillDrill,
    rule: 'event.lost',
  },
  {
    name: 'order-guard',
    means: 'what comes last stands, however old it is',
    patch: {
      file: 'src/entities/_merge.ts',
      from: 'const older = standing !== undefined && compareVersions(version, standing) < 0;',
      to: 'const older = standing !== undefined && compareVersions(version, standing) < -Infinity;',
    },
    plan: reorderDrill,
    rule: 'entity.stale',
  },
];
