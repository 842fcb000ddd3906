import { Pool as PostgresPool } from 'pg';
import { Pool as HttpPool } from 'undici';
import { readVariable } from './serve-webhooks.ts';

/** The three actions of a chain, as every peer does them. */
export type Steps = Readonly<Record<'first' | 'second' | 'third', (run: string) => Promise<void>>>;

/** Actions that may be repeated: a row by its key, a post by its idempotency key. */
export function createSteps(): Steps {
  const pool = new PostgresPool({ connectionString: readVariable('STEPS_URL'), max: 10 });
  const vendor = new HttpPool(readVariable('VENDOR_URL'), { connections: 50 });
  const inside = (step: string) => async (run: string) => {
    await pool.query({
      name: 'step',
      text: 'INSERT INTO steps (key, step) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING',
      values: [`${run}:${step}`, step],
    });
  };
  const outside = (step: string) => async (run: string) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `${run}:${step}` };
    const { statusCode, body } = await vendor.request({ method: 'POST', path: `/${step}`, headers, body: JSON.stringify({ run, step }) });
    await body.dump();
    if (statusCode >= 300) throw new Error(`the vendor answers ${statusCode}`);
  };
  const later = readVariable('STEPS_SHAPE') === 'mixed' ? outside : inside;
  return { first: inside('first'), second: later('second'), third: later('third') };
}
