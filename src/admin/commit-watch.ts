import { toPostgresFailure } from '../store/postgres-failure.ts';
import { toPostgresReason } from '../store/postgres-reason.ts';
import type { ServerState } from './readiness.ts';

/** What the commits of this process say of PostgreSQL: a question that only reads does not tell whether its disk is full. */
export interface CommitWatch extends ServerState {
  /** A commit has ended: with what it threw, or `undefined`. */
  note(failure: unknown): void;
}

/** A failed commit says something for so long: without deliveries nobody knows, and the next one is to be tried. */
const FRESH_MS = 10_000;

/** Knows of no trouble at first. */
export function createCommitWatch(now: () => Date): CommitWatch {
  let trouble: { readonly since: Date; readonly last: Date; readonly reason: string } | null = null;
  const current = (): typeof trouble => (trouble !== null && now().getTime() - trouble.last.getTime() < FRESH_MS ? trouble : null);
  return {
    note(failure) {
      if (failure === undefined) trouble = null;
      else if (toPostgresFailure(failure) === 'unavailable')
        trouble = { since: trouble?.since ?? now(), last: now(), reason: toPostgresReason(failure) };
    },
    downSince: () => current()?.since ?? null,
    reason: () => current()?.reason ?? null,
  };
}
