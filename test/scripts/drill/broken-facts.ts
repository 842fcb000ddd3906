import type { Facts, VendorEntry } from '../../../scripts/drill/facts.ts';
import { doneRun, first, isRunOf, orderOf, POSTED, uuidOf, type Break } from './break.ts';
import { BROKEN_MEASURES } from './broken-measures.ts';

const replace = <Item>(items: readonly Item[], old: Item, ...next: readonly Item[]): readonly Item[] =>
  items.flatMap((item) => (item === old ? next : [item]));
const performed = (facts: Facts, vendor: VendorEntry['vendor']): VendorEntry =>
  first(facts.vendors, (entry) => entry.performed && entry.vendor === vendor);
const withRun = (facts: Facts, change: Partial<Facts['runs'][number]>): Facts => {
  const run = first(facts.runs, (one) => isRunOf(facts, one, orderOf(facts).id));
  return { ...facts, runs: replace(facts.runs, run, { ...run, ...change }) };
};
const newestCustomer = (facts: Facts) =>
  first(
    facts.sent.filter(({ entity }) => entity.type === 'customer').toSorted((a, b) => (a.entity.version < b.entity.version ? 1 : -1)),
    () => true,
  );
const without = (facts: Facts, vendor: VendorEntry['vendor']): Facts => {
  const { about } = performed(facts, vendor);
  return { ...facts, vendors: facts.vendors.filter((entry) => entry.vendor !== vendor || entry.about !== about) };
};

/** Every way that the checker knows. */
export const BREAKS: readonly Break[] = [
  { rule: 'drill.vacuous', what: 'no fault, where one is wanted', change: (facts) => ({ ...facts, faults: [], wantsFaults: true }) },
  { rule: 'drill.vacuous', what: 'nothing acknowledged', change: (facts) => ({ ...facts, answers: [] }) },
  { rule: 'drill.vacuous', what: 'no vendor asked', change: (facts) => ({ ...facts, vendors: [] }) },
  {
    rule: 'drill.vacuous',
    what: 'nothing sent after the last fault',
    change: (facts) => ({ ...facts, sent: facts.sent.map((sent) => ({ ...sent, tail: false })) }),
  },
  {
    rule: 'answer.refused',
    what: 'a well-signed delivery answered 401',
    change: (facts) => ({
      ...facts,
      answers: [...facts.answers, { eventId: orderOf(facts).id, status: 401, told: 'signature', ...POSTED }],
    }),
  },
  {
    rule: 'answer.failed',
    what: 'a delivery answered 500',
    change: (facts) => ({ ...facts, answers: [...facts.answers, { eventId: orderOf(facts).id, status: 500, told: '', ...POSTED }] }),
  },
  {
    rule: 'event.unacknowledged',
    what: 'an event that never was',
    change: (facts) => ({ ...facts, answers: facts.answers.filter(({ eventId }) => eventId !== orderOf(facts).id) }),
  },
  {
    rule: 'event.lost',
    what: 'an acknowledged event that is not stored',
    change: (facts) => ({ ...facts, events: facts.events.filter(({ id }) => id !== orderOf(facts).id) }),
  },
  {
    rule: 'event.doubled',
    what: 'an event stored twice',
    change: (facts) => ({
      ...facts,
      events: [...facts.events, { ...first(facts.events, ({ id }) => id === orderOf(facts).id), uuid: 'another' }],
    }),
  },
  {
    rule: 'event.stranger',
    what: 'an event that nobody has sent',
    change: (facts) => ({ ...facts, events: [...facts.events, { uuid: 'another', id: 'another', state: 'routed', code: null }] }),
  },
  {
    rule: 'event.notRouted',
    what: 'an event in quarantine',
    change: (facts) => {
      const event = first(facts.events, () => true);
      return { ...facts, events: replace(facts.events, event, { ...event, state: 'quarantined', code: 'event.schemaMismatch' }) };
    },
  },
  {
    rule: 'run.missing',
    what: 'an event without its run',
    change: (facts) => ({ ...facts, runs: facts.runs.filter(({ eventUuid }) => eventUuid !== uuidOf(facts, orderOf(facts).id)) }),
  },
  {
    rule: 'run.stranger',
    what: 'a run without an event',
    change: (facts) => ({
      ...facts,
      runs: [...facts.runs, { ...doneRun(facts), eventUuid: 'nobody', workflowId: 'shop.nobody' }],
    }),
  },
  { rule: 'run.waiting', what: 'a run that waits', change: (facts) => withRun(facts, { state: 'started' }) },
  { rule: 'run.waiting', what: 'a run that nobody has started', change: (facts) => withRun(facts, { state: 'pending' }) },
  {
    rule: 'run.unexplained',
    what: 'a run that has failed without a code',
    change: (facts) => withRun(facts, { state: 'failed', code: null }),
  },
  { rule: 'run.unexplained', what: 'a run with a bug', change: (facts) => withRun(facts, { state: 'failed', code: 'chain.bug' }) },
  { rule: 'effect.missing', what: 'a mail that never came', change: (facts) => without(facts, 'mail') },
  { rule: 'effect.missing', what: 'an order that the warehouse never got', change: (facts) => without(facts, 'warehouse') },
  { rule: 'effect.missing', what: 'a fact that was not counted', change: (facts) => without(facts, 'analytics') },
  { rule: 'effect.missing', what: 'goods that are not held', change: (facts) => without(facts, 'stock') },
  {
    rule: 'effect.doubled',
    what: 'a mail that came twice, under one Message-ID',
    change: (facts) => ({ ...facts, vendors: [...facts.vendors, performed(facts, 'mail')] }),
  },
  {
    rule: 'effect.doubled',
    what: 'an order handed over under a second key',
    change: (facts) => ({ ...facts, vendors: [...facts.vendors, { ...performed(facts, 'warehouse'), key: 'another' }] }),
  },
  {
    rule: 'effect.changed',
    what: 'a key with another body',
    change: (facts) => ({ ...facts, vendors: [...facts.vendors, { ...performed(facts, 'warehouse'), bodySha256: 'another' }] }),
  },
  {
    rule: 'effect.stranger',
    what: 'a mail that no event calls for',
    change: (facts) => ({ ...facts, vendors: [...facts.vendors, { ...performed(facts, 'mail'), about: 'evil@example.com' }] }),
  },
  {
    rule: 'effect.stranger',
    what: 'a profile under a key that the ledger does not know',
    change: (facts) => ({ ...facts, vendors: [{ ...performed(facts, 'crm'), key: 'another' }, ...facts.vendors] }),
  },
  {
    rule: 'effect.stranger',
    what: 'a mail of an event that is stored nowhere',
    change: (facts) => {
      const { id } = orderOf(facts);
      const uuid = uuidOf(facts, id);
      return {
        ...facts,
        events: facts.events.filter((event) => event.id !== id),
        runs: facts.runs.filter(({ eventUuid }) => eventUuid !== uuid),
        effects: facts.effects.map((effect) =>
          effect.eventUuid === uuid ? { ...effect, eventUuid: first(facts.events, () => true).uuid } : effect,
        ),
      };
    },
  },
  {
    rule: 'effect.stranger',
    what: 'a row of the ledger without an event',
    change: (facts) => ({
      ...facts,
      effects: [...facts.effects, { eventUuid: 'nobody', action: 'inventory.reserve', round: 0, state: 'done', outsideKey: 'another' }],
    }),
  },
  {
    rule: 'effect.open',
    what: 'an effect of a finished run that is still being sent',
    change: (facts) => {
      const effect = first(facts.effects, ({ action }) => action === 'fulfilment.notifyWarehouse');
      return { ...facts, effects: replace(facts.effects, effect, { ...effect, state: 'sending' }) };
    },
  },
  {
    rule: 'effect.phantom',
    what: 'an effect that is done, and that nobody has seen',
    change: (facts) => without(facts, 'warehouse'),
  },
  {
    rule: 'entity.stale',
    what: 'a customer as an older event says',
    change: (facts) => {
      const { entity } = newestCustomer(facts);
      const stored = first(facts.entities, ({ type, id }) => type === entity.type && id === entity.id);
      return {
        ...facts,
        entities: replace(facts.entities, stored, { ...stored, fields: { ...stored.fields, name: 'as of an older one' } }),
      };
    },
  },
  {
    rule: 'entity.stale',
    what: 'an entity that is not there',
    change: (facts) => ({ ...facts, entities: facts.entities.filter(({ id }) => id !== newestCustomer(facts).entity.id) }),
  },
  {
    rule: 'crm.stale',
    what: 'an older profile that has the last word',
    change: (facts) => {
      const { entity } = newestCustomer(facts);
      const entry = first(facts.vendors, ({ vendor, about }) => vendor === 'crm' && about === entity.id);
      return { ...facts, vendors: [...facts.vendors, { ...entry, version: '2000-01-01T00:00:00.000Z' }] };
    },
  },
  {
    rule: 'crm.stale',
    what: 'a customer of whom the CRM knows nothing',
    change: (facts) => ({ ...facts, vendors: facts.vendors.filter(({ vendor }) => vendor !== 'crm') }),
  },
  {
    rule: 'stock.drift',
    what: 'goods that are gone',
    change: (facts) => ({ ...facts, stock: { ...facts.stock, available: facts.stock.available - 1 } }),
  },
  {
    rule: 'stock.drift',
    what: 'goods held for a run that has failed',
    change: (facts) => withRun(facts, { state: 'failed', code: 'effect.unknown' }),
  },
  {
    rule: 'tail.failed',
    what: 'an event that failed after everything was mended',
    change: (facts) => {
      const { id } = first(facts.sent, ({ tail }) => tail);
      const run = first(facts.runs, ({ eventUuid }) => eventUuid === uuidOf(facts, id));
      return { ...facts, runs: replace(facts.runs, run, { ...run, state: 'failed', code: 'http.refused' }) };
    },
  },
  { rule: 'process.died', what: 'a process that ended by itself', change: (facts) => ({ ...facts, died: ['worker-1'] }) },
  ...BROKEN_MEASURES,
];
