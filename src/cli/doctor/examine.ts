import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { isGrpcServiceError } from '@temporalio/client';
import { HooklineError } from '../../contracts/errors.ts';
import { toSources, type Settings } from '../../contracts/settings.ts';
import { bad, type Finding } from '../../runtime/doctor/finding.ts';
import { judgeDatabase } from '../../runtime/doctor/judge-database.ts';
import { judgeDisk } from '../../runtime/doctor/judge-disk.ts';
import { judgeSwitches, judgeWaits } from '../../runtime/doctor/judge-switches.ts';
import { judgeTemporal } from '../../runtime/doctor/judge-temporal.ts';
import { judgeTraffic } from '../../runtime/doctor/judge-traffic.ts';
import { readTemporalFacts } from '../../runtime/doctor/temporal-facts.ts';
import { createTemporalClient, type TemporalTarget } from '../../runtime/temporal-client.ts';
import { readBacklog } from '../../store/backlog.ts';
import { readDatabaseFacts } from '../../store/database-facts.ts';
import type { Pool } from '../../store/pool.ts';
import { createStore } from '../../store/store.ts';
import { listSwitches } from '../../store/switches.ts';
import { listVendorWaits } from '../../store/vendor-waits.ts';

/** Asks the database and judges what it says; one that cannot be reached is one failure. */
export async function examineDatabase(pool: Pool, { settings, now }: { readonly settings: Settings; readonly now: () => Date }) {
  try {
    await pool.query({ name: 'doctor.connect', text: 'SELECT 1' }); // making the connection is not to count for the clock
    const before = now().getTime();
    const facts = await readDatabaseFacts(pool);
    const here = (before + now().getTime()) / 2;
    const findings = judgeDatabase(facts, { clockDifferenceMs: here - facts.now.getTime() });
    if (facts.schema !== facts.newestSchema) return findings;
    const stopped = [...judgeSwitches(await listSwitches(pool)), ...judgeWaits(await listVendorWaits(pool))];
    return [...findings, ...stopped, ...(await examineTraffic(pool, settings, now()))];
  } catch (error) {
    if (!(error instanceof HooklineError) || error.code !== 'postgres.unavailable') throw error;
    const { cause } = error;
    const found = `PostgreSQL cannot be reached${cause instanceof Error ? `: ${cause.message}` : ''}`;
    return [bad('fail', { check: 'postgres', found, fix: error.fix })];
  }
}

async function examineTraffic(pool: Pool, settings: Settings, now: Date): Promise<readonly Finding[]> {
  const { deliveries } = createStore({ pool });
  const newest = new Map<string, Date | null>();
  for (const { name } of toSources(settings)) newest.set(name, (await deliveries.list({ source: name, limit: 1 }))[0]?.receivedAt ?? null);
  const { states, effectsUnknown, runsStuck } = await readBacklog(pool);
  const waiting = states.filter(({ state, runs }) => runs > 0 && (state === 'pending' || state === 'repair_requested'));
  return judgeTraffic({
    newest,
    unknownEffects: effectsUnknown,
    stuckRuns: runsStuck,
    failedRuns: states.find(({ state }) => state === 'failed')?.runs ?? 0,
    waitingSeconds: waiting.length === 0 ? null : Math.max(...waiting.map(({ oldestSeconds }) => oldestSeconds ?? 0)),
    now,
  });
}

/** Asks Temporal and judges what it says; one that does not answer is one failure. */
export async function examineTemporal(target: TemporalTarget, now: () => Date): Promise<readonly Finding[]> {
  const { connection, address, namespace, close } = createTemporalClient(target);
  try {
    return judgeTemporal(await readTemporalFacts(connection, namespace), { now: now() });
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    const found = `Temporal at ${address}, namespace \`${namespace}\`, does not answer: ${error.details || error.message}`;
    return [
      bad('fail', { check: 'temporal', found, fix: 'check `TEMPORAL_ADDRESS` and the server; `hookline setup` makes a missing namespace' }),
    ];
  } finally {
    await close();
  }
}

/** Looks at the disk of the data folder. */
export async function examineDisk(folder: string): Promise<Finding> {
  if (!existsSync(folder)) return judgeDisk(null);
  const { bavail, bsize } = await statfs(folder);
  return judgeDisk(bavail * bsize);
}
