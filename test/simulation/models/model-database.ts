import type { Rows } from '../../../src/store/pool.ts';
import type { Tables } from './rows.ts';

/** A statement's answer, or that it was cancelled or its connection has ended. */
export type Answer = { readonly kind: 'rows'; readonly rows: Rows<object> } | { readonly kind: 'cancelled' } | { readonly kind: 'ended' };

/** A statement of the product: reads and writes by `tx`, and yields while it waits for another transaction's lock. */
export type ModelStatement = (tx: ModelTx, values: readonly unknown[]) => Generator<string, Rows<object>, void>;

type TableName = keyof Tables;

/** A transaction as a statement sees it: what was committed before, and what it has written itself (READ COMMITTED). */
export interface ModelTx {
  /** PostgreSQL's `now()`: when the transaction began, in milliseconds. */
  readonly now: number;
  get<Name extends TableName>(table: Name, key: string): Tables[Name] | undefined;
  /** In the order in which rows were first written. */
  all<Name extends TableName>(table: Name): readonly Tables[Name][];
  /** Waits until nobody else has the key, then has it until the transaction ends: row locks, and unique keys being written. */
  lock(table: TableName, key: string): Generator<string, void, void>;
  /** Whether another transaction has the key: what `SKIP LOCKED` passes over. */
  isTaken(table: TableName, key: string): boolean;
  /** The caller has locked the key. */
  put<Name extends TableName>(table: Name, key: string, row: Tables[Name]): void;
  /** The caller has locked the key. */
  delete(table: TableName, key: string): void;
  /** The next value of a sequence; one of a transaction that is rolled back is lost. */
  next(): number;
}

/** One connection; what is under way on it ends with it. */
export interface ModelConnection {
  /** Runs a statement: alone, or in the transaction that was begun. Answers at once, unless it has to wait for a lock. */
  query(statement: ModelStatement, values: readonly unknown[], answer: (answer: Answer) => void): void;
  begin(statementTimeoutMs: number): void;
  /** Commits; as PostgreSQL does, one of which a statement has failed is rolled back instead. */
  commit(): void;
  rollBack(): void;
  /** False once PostgreSQL, or the client, has ended it. */
  isOpen(): boolean;
  /** What PostgreSQL does when a client is gone: an open transaction is rolled back. */
  end(): void;
}

/** The little of PostgreSQL that the product's statements rest on, in memory. */
export interface ModelDatabase {
  connect(): ModelConnection;
  /** The committed rows of a table, in the order in which they were first written. */
  rows<Name extends TableName>(table: Name): readonly Tables[Name][];
}

/** What a database is made with. */
export interface ModelDatabaseOptions {
  readonly now: () => number;
  /** Calls back once so many milliseconds have passed; for the time limits of statements that wait. */
  readonly after: (ms: number, act: () => void) => void;
}

/** Limits that the product sets for each connection: a statement's, and how long an open transaction may be silent, in milliseconds. */
const STATEMENT_TIMEOUT_MS = 10_000;
const SILENT_TRANSACTION_MS = 5_000;

/** An open transaction: what it has written and what it has locked. */
interface Open {
  readonly now: number;
  readonly written: Map<TableName, Map<string, object | undefined>>;
  readonly held: Set<string>;
  readonly statementTimeoutMs: number;
  failed: boolean;
  ended: boolean;
}

/** Makes an empty database. */
export function createModelDatabase({ now, after }: ModelDatabaseOptions): ModelDatabase {
  const committed = new Map<TableName, Map<string, object>>();
  const holders = new Map<string, Open>();
  const waiting = new Map<string, (() => void)[]>();
  let sequence = 0;

  const tableOf = (name: TableName): Map<string, object> => {
    const table = committed.get(name) ?? new Map<string, object>();
    committed.set(name, table);
    return table;
  };

  const open = (statementTimeoutMs: number): Open => ({
    now: now(),
    written: new Map(),
    held: new Set(),
    statementTimeoutMs,
    failed: false,
    ended: false,
  });

  const release = (transaction: Open): void => {
    transaction.ended = true;
    for (const key of transaction.held) holders.delete(key);
    for (const key of transaction.held) for (const go of waiting.get(key)?.splice(0) ?? []) go();
  };

  const commit = (transaction: Open): void => {
    for (const [name, rows] of transaction.written) {
      const table = tableOf(name);
      for (const [key, row] of rows) {
        if (row === undefined) table.delete(key);
        else table.set(key, row);
      }
    }
    release(transaction);
  };

  const toTx = (transaction: Open): ModelTx => ({
    now: transaction.now,
    get: (table, key) => {
      const own = transaction.written.get(table);
      return (own?.has(key) ? own.get(key) : tableOf(table).get(key)) as Tables[typeof table] | undefined; // `put` has checked it
    },
    all: (table) => {
      const own = transaction.written.get(table);
      if (own === undefined) return [...tableOf(table).values()] as unknown as readonly Tables[typeof table][]; // likewise
      const rows = new Map<string, object | undefined>([...tableOf(table), ...own]);
      return [...rows.values()].filter((row) => row !== undefined) as unknown as readonly Tables[typeof table][]; // likewise
    },
    *lock(table, key) {
      const name = `${table} ${key}`;
      while (holders.has(name) && holders.get(name) !== transaction) yield name;
      holders.set(name, transaction);
      transaction.held.add(name);
    },
    isTaken: (table, key) => {
      const holder = holders.get(`${table} ${key}`);
      return holder !== undefined && holder !== transaction;
    },
    put: (table, key, row) => write(transaction, table, key, row),
    delete: (table, key) => write(transaction, table, key, undefined),
    next: () => (sequence += 1),
  });

  /** Runs a statement to its end, each time that a lock it waits for is given back a little further. */
  const run = (transaction: Open, statement: ModelStatement, values: readonly unknown[], answer: (answer: Answer) => void): void => {
    const steps = statement(toTx(transaction), values);
    let over = false;
    const finish = (given: Answer): void => {
      over = true;
      answer(given);
    };
    const go = (): void => {
      if (over) return;
      if (transaction.ended) return finish({ kind: 'ended' });
      const step = steps.next();
      if (step.done === true) return finish({ kind: 'rows', rows: step.value });
      waiting.set(step.value, [...(waiting.get(step.value) ?? []), go]);
    };
    go();
    if (over) return;
    after(transaction.statementTimeoutMs, () => {
      if (over || transaction.ended) return;
      transaction.failed = true;
      finish({ kind: 'cancelled' });
    });
  };

  return {
    rows: (table) => [...tableOf(table).values()] as unknown as readonly Tables[typeof table][], // `put` has checked them
    connect() {
      let current: Open | undefined;
      let isOpen = true;
      let heard = 0;
      const rollBack = (): void => {
        if (current !== undefined) release(current);
        current = undefined;
      };
      const end = (): void => {
        isOpen = false;
        rollBack();
      };
      const waitForMore = (): void => {
        const mine = (heard += 1);
        after(SILENT_TRANSACTION_MS, () => {
          if (heard === mine && current !== undefined) end();
        });
      };
      return {
        query(statement, values, answer) {
          if (!isOpen) return answer({ kind: 'ended' });
          if (current?.failed === true) return answer({ kind: 'cancelled' });
          if (current !== undefined) {
            heard += 1;
            return run(current, statement, values, (given) => {
              waitForMore();
              answer(given);
            });
          }
          const alone = open(STATEMENT_TIMEOUT_MS);
          run(alone, statement, values, (given) => {
            if (given.kind === 'rows') commit(alone);
            else if (!alone.ended) release(alone);
            answer(given);
          });
        },
        begin(statementTimeoutMs) {
          if (!isOpen) return;
          current = open(statementTimeoutMs);
          waitForMore();
        },
        commit() {
          if (current === undefined || current.failed) return rollBack();
          commit(current);
          current = undefined;
        },
        rollBack,
        isOpen: () => isOpen,
        end,
      };
    },
  };
}

function write(transaction: Open, table: TableName, key: string, row: object | undefined): void {
  if (!transaction.held.has(`${table} ${key}`)) throw new TypeError(`the model writes ${table} ${key} without its lock`);
  const rows = transaction.written.get(table) ?? new Map<string, object | undefined>();
  rows.set(key, row);
  transaction.written.set(table, rows);
}
