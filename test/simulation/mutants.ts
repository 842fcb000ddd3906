import customer from '../../src/entities/customer.ts';
import type { ModelStatement } from './models/model-database.ts';
import { toKey, type EffectRow } from './models/rows.ts';
import { statements, type Statements } from './models/statements.ts';

/** A guard that is taken out; each must make the invariants fail within the suite's budget. */
export type Mutant = 'dedupe' | 'lease' | 'requestId' | 'fence' | 'orderGuard' | 'ledger' | 'hastyAcknowledgement' | 'marks';

/** The statements without the guard of a mutant. */
export function toStatements(mutant: Mutant | undefined): Statements {
  return mutant === undefined ? statements : { ...statements, ...CHANGES[mutant] };
}

/** The customer whose last writer stands, however old its event is. */
export function toEntity(mutant: Mutant | undefined): typeof customer | undefined {
  if (mutant !== 'orderGuard') return undefined;
  return { ...customer, merge: (current, write) => customer.merge({ ...current, versions: {} }, write) };
}

const always = (name: string): ModelStatement => {
  const statement = statements[name];
  if (statement === undefined) throw new TypeError(`no statement ${name}`);
  return statement;
};

const CHANGES: Readonly<Record<Mutant, Statements>> = {
  requestId: {},
  orderGuard: {},
  hastyAcknowledgement: {},
  /** No event is found to be there. */
  dedupe: {
    'inbox.insert': (tx, values) =>
      always('inbox.insert')({ ...tx, get: (table, key) => (table === 'events' ? undefined : tx.get(table, key)) }, values),
  },
  /** Whoever asks gets what another has leased. */
  lease: {
    'runs.claim': (tx, values) =>
      always('runs.claim')(
        {
          ...tx,
          all: (table) => tx.all(table).map((row) => ('leaseUntil' in row ? { ...row, leaseUntil: null } : row)),
        },
        values,
      ),
  },
  /** A sender is not asked whether the effect is still its own. */
  fence: {
    'ledger.takeOver': (tx, values) => always('ledger.takeOver')(tx, withRow(values, effectOf(tx, values), { 6: 'attempt', 8: 'sends' })),
    'ledger.markSending': (tx, values) =>
      always('ledger.markSending')(tx, withRow(values, effectOf(tx, values), { 6: 'attempt', 7: 'runId', 8: 'sends' })),
  },
  /** Each claim makes a row of its own. */
  ledger: {
    'ledger.claim': (tx, values) => always('ledger.claim')(tx, values.with(4, tx.next())),
  },
  /** Marks change a run whatever its attempt. */
  marks: Object.fromEntries(
    ['runs.markOutcome', 'runs.markStarted', 'runs.failStart', 'runs.restartForgotten'].map((name): readonly [string, ModelStatement] => [
      name,
      (tx, values) => {
        const attempt = tx.get('runs', toKey(String(values[0]), String(values[1])))?.attempt;
        return always(name)(tx, attempt === undefined ? values : values.with(2, attempt));
      },
    ]),
  ),
};

function effectOf(tx: Parameters<ModelStatement>[0], values: readonly unknown[]): EffectRow | undefined {
  return tx.get('effects', toKey(...values.slice(0, 5).map(String)));
}

/** The values with those of the row itself in some places, so that a comparison with it holds. */
function withRow(
  values: readonly unknown[],
  row: EffectRow | undefined,
  places: Readonly<Record<number, keyof EffectRow>>,
): readonly unknown[] {
  if (row === undefined) return values;
  return Object.entries(places).reduce<readonly unknown[]>(
    (changed, [place, column]) => changed.with(Number(place) - 1, row[column]),
    values,
  );
}
