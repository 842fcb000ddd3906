import { isGrpcServiceError } from '@temporalio/client';
import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { RETENTION_DAYS } from '../runtime/doctor/judge-temporal.ts';
import { readyTemporal } from '../runtime/doctor/ready-temporal.ts';
import { toTemporalTarget } from '../runtime/stack-servers.ts';
import { createTemporalClient } from '../runtime/temporal-client.ts';
import { migrate } from '../store/migrate.ts';
import { createPool } from '../store/pool.ts';
import { quietLog } from './quiet-log.ts';
import { globalsOf } from './settings.ts';
import { tell } from './tell.ts';
import { findWorkplace, type Workplace } from './workplace.ts';

/** Makes both servers ready, the database first; what is in order is left as it is. */
export async function runSetup(command: Command): Promise<void> {
  const workplace = await findWorkplace(command);
  const migrations = await readyDatabase(workplace);
  const { address, namespace, made } = await readyServer(workplace);
  tell(globalsOf(command), {
    document: { migrations, temporal: { address, namespace, made } },
    text: () =>
      [
        migrations.length === 0 ? 'PostgreSQL: the schema is up to date' : `PostgreSQL: applied migrations ${migrations.join(', ')}`,
        `Temporal: namespace \`${namespace}\` at ${address} ${made ? 'was made and ' : ''}takes starts`,
      ].join('\n'),
  });
}

async function readyDatabase({ settings, stack }: Workplace): Promise<readonly number[]> {
  const url = stack?.databaseUrl ?? settings.database.url;
  if (url === undefined)
    throw new HooklineError('stack.notRunning', {
      where: settings.data,
      fix: 'name a database in `DATABASE_URL`; `npm start` sets its own servers up by itself',
    });
  const pool = createPool({ url, max: 1, applicationName: 'hookline-setup', log: quietLog });
  try {
    return await migrate({ pool, log: quietLog });
  } finally {
    await pool.close();
  }
}

async function readyServer({
  settings,
  stack,
}: Workplace): Promise<{ readonly address: string; readonly namespace: string; readonly made: boolean }> {
  const target =
    stack === null ? toTemporalTarget(settings, process.env) : { address: stack.temporalAddress, namespace: stack.temporalNamespace };
  const temporal = createTemporalClient(target);
  const { address, namespace } = temporal;
  try {
    return { address, namespace, ...(await readyTemporal({ temporal, retentionDays: RETENTION_DAYS })) };
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    throw new HooklineError('temporal.unavailable', {
      got: `gRPC ${error.code}: ${error.details}`,
      where: `${address}, namespace \`${namespace}\``,
      cause: error,
    });
  } finally {
    await temporal.close();
  }
}
