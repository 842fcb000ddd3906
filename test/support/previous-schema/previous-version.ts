import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, copyFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { uuidV7 } from '../../../src/contracts/ids.ts';
import { migrate } from '../../../src/store/migrate.ts';
import type { Pool, Queryable, Session, Statement } from '../../../src/store/pool.ts';
import { silentLog } from '../silent-log.ts';

/** The schema of the version before: whoever adds a migration to a release records these fixtures anew from the release before. */
export const PREVIOUS_SCHEMA = 4;

const MIGRATIONS = join(import.meta.dirname, '../../../src/store/migrations');

/** Every statement of the version before, by name. */
export const previousStatements: ReadonlyMap<string, string> = new Map(
  readFileSync(join(import.meta.dirname, 'statements.sql'), 'utf8')
    .split('\n-- name: ')
    .slice(1)
    .map((part): [string, string] => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1).trim()]),
);

/** Row by row what its demonstration had left in every table. */
export const previousRows: readonly { readonly table: string; readonly row: object }[] = readFileSync(
  join(import.meta.dirname, 'rows.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly table: string; readonly row: object }); // our own fixture

/** Makes a database what the version before had left: its schema, and rows in every table. Whatever is in it goes. */
export async function leaveAsPreviousVersion(pool: Pool): Promise<void> {
  await pool.session((session) => session.run('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
  const folder = await mkdtemp(join(tmpdir(), 'hookline-previous-'));
  try {
    const files = (await readdir(MIGRATIONS)).filter((file) => Number(file.slice(0, 4)) <= PREVIOUS_SCHEMA);
    for (const file of files) await copyFile(join(MIGRATIONS, file), join(folder, file));
    await migrate({ pool, log: silentLog, folder: pathToFileURL(`${folder}/`) });
    // as that version had made it
    await pool.session((session) => session.run('ALTER TABLE schema_migrations DROP COLUMN additive'));
  } finally {
    await rm(folder, { recursive: true });
  }
  for (const table of new Set(previousRows.map((one) => one.table)))
    await pool.query({
      name: `test.fill.${table}`,
      text: `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${table}, $1)`,
      values: [JSON.stringify(previousRows.filter((one) => one.table === table).map(({ row }) => row))],
    });
  await pool.session((session) => session.run(`SELECT setval(pg_get_serial_sequence('runs', 'seq'), max(seq)) FROM runs`));
}

/** A statement of the version before. */
function previous(name: string, values: readonly unknown[]): Statement {
  const text = previousStatements.get(name);
  if (text === undefined) throw new Error(`no statement \`${name}\` in the fixture`);
  return { name, text, values };
}

/** Takes an order as the ingress of the version before did: acknowledged once this resolves. */
export async function takeOrder(db: Queryable, eventId: string): Promise<void> {
  const [delivery, event, now] = [uuidV7(Date.now()), uuidV7(Date.now()), new Date().toISOString()];
  const body = Buffer.from(JSON.stringify({ order_id: eventId }));
  const price = { amount: 12.25, currency: 'EUR' };
  const data = {
    id: `erp:${eventId}`,
    number: eventId,
    customer: { email: `${eventId}@example.com`, name: 'Grace Hopper' },
    lines: [{ sku: 'MUG', title: 'Mug', quantity: 2, unitPrice: price }],
    total: { amount: 24.5, currency: 'EUR' },
    createdAt: now,
    updatedAt: now,
  };
  const deliveries = [[delivery], ['erp'], ['hookline'], [now], ['127.0.0.1'], ['[]'], [1], [body.length], [0], [null], [null], body];
  const keys = [[1], [event], [eventId], [eventId], ['order.created'], ['order.created'], ['order'], [data.id], [now], [false]];
  const routes = [[event], ['new-order'], [`erp.${eventId}`], ['new-order']];
  await db.query(
    previous('inbox.insert', [
      ...deliveries,
      sha256(body),
      ...keys,
      ['routed'],
      [null],
      [null],
      [JSON.stringify(data)],
      ...routes,
      [1],
      [eventId],
      [event],
    ]),
  );
}

/** Starts up to `limit` runs, performs two effects of each and closes it, as starter and worker of the version before did; how many. */
export async function workOff(session: Session, { owner, limit }: { readonly owner: string; readonly limit: number }): Promise<number> {
  const { rows } = await session.query<{ event_uuid: string; chain: string; attempt: number; event_id: string }>(
    previous('runs.claim', [owner, limit, 10_000]),
  );
  for (const { event_uuid: uuid, chain, attempt, event_id: id } of rows) {
    const run = uuidV7(Date.now());
    await session.query(previous('runs.markStarted', [uuid, chain, attempt, run]));
    await perform(session, { uuid, run, action: 'inventory.reserve', input: id, goesOut: false });
    await perform(session, { uuid, run, action: 'email.sendOrderConfirmation', input: id, goesOut: true });
    await session.query(previous('runs.markOutcome', [uuid, chain, attempt, 'done', null, null, '{"byPrevious":true}']));
  }
  return rows.length;
}

async function perform(
  session: Session,
  {
    uuid,
    run,
    action,
    input,
    goesOut,
  }: { readonly uuid: string; readonly run: string; readonly action: string; readonly input: string; readonly goesOut: boolean },
): Promise<void> {
  const key = [uuid, 'new-order', action, '0'];
  await session.query(previous('ledger.claim', [...key, 0, 1, run, sha256(Buffer.from(input))]));
  if (goesOut) await session.query(previous('ledger.markSending', [...key, 0, 1, run, 0]));
  await session.query(previous('ledger.settle', [...key, 0, 'done', '{}', null, goesOut ? 1 : 0]));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
