import type { JsonObject } from '../../contracts/json.ts';
import { addAudit } from '../../store/audit.ts';
import type { Queryable } from '../../store/pool.ts';
import type { ApiContext, Caller } from './api-context.ts';

/** Writes down what was changed; neither payloads nor secrets. */
export type Audit = (what: { readonly action: string; readonly target: string; readonly detail?: JsonObject }) => Promise<void>;

/**
 * Makes a change in one transaction with the rows that tell of it: neither is there without the other. `work` calls `audit` where it has
 * changed something, and not where it has found nothing to do.
 */
export function makeChange<Result>(
  {
    context: { store, newUuid },
    caller,
  }: { readonly context: Pick<ApiContext, 'store' | 'newUuid'>; readonly caller: Pick<Caller, 'actor' | 'role'> },
  work: (tx: Queryable, audit: Audit) => Promise<Result>,
): Promise<Result> {
  const { actor, role } = caller;
  return store.transaction((tx) =>
    work(tx, ({ action, target, detail = {} }) => addAudit(tx, { id: newUuid(), actor, role, action, target, detail })),
  );
}
