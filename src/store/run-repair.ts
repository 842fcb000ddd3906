import type { ErrorCode } from '../contracts/errors.ts';

/** What a run becomes that is asked to start again; its last code and detail stay until it has started. */
export const REPAIRED = `state = 'repair_requested', attempt = r.attempt + 1, restarts = 0, tries = 0, due_at = now(), stuck_since = NULL, lease_owner = NULL, lease_until = NULL`;

/** Failures that a redelivery does not repair: a person must look first. */
export const LEFT_TO_A_PERSON: readonly ErrorCode[] = ['run.idTaken', 'run.outcomeLost'];
