import type { Database } from './databases.ts';
import type { ChainWork, Finished } from './chain-system.ts';

/** The rows that actions in a system's own database write: each system has this table beside its own. */
const TABLE = `CREATE TABLE steps (
  key text PRIMARY KEY,
  step text NOT NULL,
  done_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`;
const LAST = 'third';

/** Makes the table, and tells by which variables the actions find it and the vendor. */
export async function prepareSteps(
  { url, execute }: Pick<Database, 'url' | 'execute'>,
  { shape, vendorUrl }: ChainWork,
): Promise<Readonly<Record<string, string>>> {
  await execute(TABLE);
  return { STEPS_URL: url, STEPS_SHAPE: shape, VENDOR_URL: vendorUrl };
}

/** The chains of which the third action is done. */
export async function countFinished({ number }: Pick<Database, 'number'>, { shape, vendorUrl }: ChainWork): Promise<Finished> {
  if (shape === 'mixed') return (await (await fetch(`${vendorUrl}/${LAST}`)).json()) as Finished; // of `servers/vendor.ts`
  return {
    count: await number(`SELECT count(*) AS number FROM steps WHERE step = '${LAST}'`),
    lastMs: await number(`SELECT extract(epoch FROM max(done_at)) * 1000 AS number FROM steps WHERE step = '${LAST}'`),
  };
}
