import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../src/contracts/names.ts';
import { startPostgres, type EmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { createPool } from '../../src/store/pool.ts';

/** Starts a PostgreSQL on loopback with the role, the password and the database that its image makes of its environment. */
export async function startDatabase(
  env: Readonly<Record<string, string>>,
  { folder, log, onProgress }: { readonly folder: string; readonly log: Log; readonly onProgress: (line: string) => void },
): Promise<EmbeddedPostgres> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'password'), `${env['POSTGRES_PASSWORD'] ?? ''}\n`, { mode: 0o600 });
  const server = await startPostgres({ dataDir: folder, log, onProgress });
  try {
    await makeDatabase(server.url, env, log);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function makeDatabase(url: string, env: Readonly<Record<string, string>>, log: Log): Promise<void> {
  const [role = '', name = '', password = ''] = ['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD'].map((variable) => env[variable]);
  const pool = createPool({ url, max: 1, applicationName: 'hookline-topology', log });
  try {
    const { rows } = await pool.query({ name: 'topology.role', text: 'SELECT FROM pg_roles WHERE rolname = $1', values: [role] });
    await pool.session(async (session) => {
      // names of our own file, and a password of hexadecimal digits
      if (rows.length === 0) await session.run(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${password}'`);
      await session.run(`CREATE DATABASE ${name} OWNER ${role}`);
    });
  } finally {
    await pool.close();
  }
}
