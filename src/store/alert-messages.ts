import { toKeyColumns } from './alerts.ts';
import type { AlertKey, AlertTelling } from './alerts.ts';
import type { Pool, Queryable } from './pool.ts';
import { transaction } from './pool.ts';

/** One alert in a message. */
export interface AlertItem extends AlertKey {
  /** ISO 8601. */
  readonly since: string;
  readonly count: number;
  /** `standing` is a reminder, `grown` a count of ten times what was told, `over` the all-clear. */
  readonly state: 'new' | 'grown' | 'standing' | 'over';
  /** By the rule: an event id, a code, a time; never a payload. */
  readonly detail: string | null;
}

/** A message on its way to one receiver. */
export interface AlertMessage {
  /** The receiver. */
  readonly sink: string;
  /** The same for every sending of it. */
  readonly id: string;
  readonly madeAt: Date;
  /** How often it may have been sent, the sending that is about to begin included. */
  readonly tries: number;
  readonly items: readonly AlertItem[];
}

/** What a receiver knows, and what is on its way to it. */
export interface SinkState {
  readonly tellings: readonly AlertTelling[];
  /** Undefined where nothing is on its way. */
  readonly message: AlertMessage | undefined;
}

const TELL = `
INSERT INTO alert_tellings AS a (sink, rule, target, since, told_at, told_count)
SELECT $1, rule, target, since, now(), count FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::int[]) AS t (rule, target, since, count)
ON CONFLICT (sink, rule, target) DO UPDATE SET since = excluded.since, told_at = excluded.told_at, told_count = excluded.told_count`;

const SHOW = `
UPDATE alerts a SET told_at = now(), told_count = t.count FROM unnest($1::text[], $2::text[], $3::int[]) AS t (rule, target, count)
WHERE a.rule = t.rule AND a.target = t.target`;

const CLEAR = `
DELETE FROM alert_tellings
WHERE sink = $1 AND (rule, target) IN (SELECT rule, target FROM unnest($2::text[], $3::text[]) AS t (rule, target))`;

/** Reads what each of the receivers knows, and forgets those that there are no more. */
export async function readSinks(tx: Queryable, sinks: readonly string[]): Promise<(sink: string) => SinkState> {
  for (const table of ['alert_tellings', 'alert_messages'])
    await tx.query({ name: `${table}.forget`, text: `DELETE FROM ${table} WHERE sink <> ALL ($1)`, values: [sinks] });
  const tellings = await tx.query<AlertTelling & { readonly sink: string }>({
    name: 'alertTellings.read',
    text: 'SELECT sink, rule, target, since, told_at AS "toldAt", told_count AS "toldCount" FROM alert_tellings ORDER BY since, rule, target COLLATE "C"',
  });
  const messages = await tx.query<AlertMessage>({
    name: 'alertMessages.read',
    text: 'SELECT sink, id, made_at AS "madeAt", tries, items FROM alert_messages',
  });
  return (sink) => ({
    tellings: tellings.rows.filter((one) => one.sink === sink),
    message: messages.rows.find((one) => one.sink === sink),
  });
}

/** Keeps a new message before it is sent. */
export async function keepMessage(tx: Queryable, { sink, id, madeAt, items }: Omit<AlertMessage, 'tries'>): Promise<AlertMessage> {
  const text = 'INSERT INTO alert_messages (sink, id, made_at, items) VALUES ($1, $2, $3, $4)';
  await tx.query({ name: 'alertMessages.keep', text, values: [sink, id, madeAt, JSON.stringify(items)] });
  return { sink, id, madeAt, tries: 1, items };
}

/** Counts another sending before it begins. */
export async function countTry(tx: Queryable, message: AlertMessage): Promise<AlertMessage> {
  const text = 'UPDATE alert_messages SET tries = tries + 1 WHERE sink = $1 AND id = $2';
  await tx.query({ name: 'alertMessages.countTry', text, values: [message.sink, message.id] });
  return { ...message, tries: message.tries + 1 };
}

/**
 * Takes a message off the way. `told`: the receiver knows it from now on, all-clears end what it knew. Otherwise it has surely not
 * arrived, and what it tells is decided anew. Changes nothing where somebody has settled it before.
 */
export async function settleMessage(pool: Pool, { sink, id, items }: AlertMessage, { told }: { readonly told: boolean }): Promise<void> {
  await transaction(pool, async (tx) => {
    const text = 'DELETE FROM alert_messages WHERE sink = $1 AND id = $2';
    const { rowCount } = await tx.query({ name: 'alertMessages.settle', text, values: [sink, id] });
    if (rowCount !== 1 || !told) return;
    const over = items.filter(({ state }) => state === 'over');
    const raised = items.filter(({ state }) => state !== 'over');
    const counts = raised.map(({ count }) => count);
    if (over.length > 0) await tx.query({ name: 'alertTellings.clear', text: CLEAR, values: [sink, ...toKeyColumns(over)] });
    if (raised.length === 0) return;
    const values = [sink, ...toKeyColumns(raised), raised.map(({ since }) => since), counts];
    await tx.query({ name: 'alertTellings.tell', text: TELL, values });
    await tx.query({ name: 'alerts.show', text: SHOW, values: [...toKeyColumns(raised), counts] });
  });
}
