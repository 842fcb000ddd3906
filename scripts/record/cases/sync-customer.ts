import { customerUpdated } from '../sample-customer.ts';
import { fail, type RecordedCase } from './recorded-case.ts';

const profileAt = (revision: number): object => ({
  customerId: 'shop:42',
  revision,
  profile: { email: 'ada@example.com', name: 'Ada', phone: null, updatedAt: '2026-01-01T00:00:00.000Z' },
});
const merged = { ...profileAt(1), superseded: false };
const written = (): object => ({ outcome: 'written' });

/** The first sending has been overtaken; the second is the newest. */
const overtakenOnce = {
  'crm.mergeProfile': () => merged,
  'crm.upsertProfile': written,
  'crm.newestProfile': () => profileAt(2),
};

/** The ways through `sync-customer`. */
export const syncCustomerCases: readonly RecordedCase[] = [
  {
    name: 'done',
    event: customerUpdated(),
    actions: { 'crm.mergeProfile': () => merged, 'crm.upsertProfile': written, 'crm.newestProfile': () => profileAt(1) },
  },
  { name: 'superseded', event: customerUpdated(), actions: { 'crm.mergeProfile': () => ({ ...profileAt(2), superseded: true }) } },
  { name: 'sent-again', event: customerUpdated(), actions: overtakenOnce },
  { name: 'merge-failed', event: customerUpdated(), actions: { 'crm.mergeProfile': fail('ledger.inputChanged') } },
  {
    name: 'crm-refused',
    event: customerUpdated(),
    actions: { 'crm.mergeProfile': () => merged, 'crm.upsertProfile': fail('http.refused') },
  },
  {
    name: 'refused-again',
    event: customerUpdated(),
    actions: {
      ...overtakenOnce,
      'crm.upsertProfile': (input, call) => (call.key === '0' ? written() : fail('http.refused')(input, call)),
    },
  },
  {
    name: 'unsettled',
    event: customerUpdated(),
    actions: { 'crm.mergeProfile': () => merged, 'crm.upsertProfile': written, 'crm.newestProfile': fail('crm.unsettled') },
  },
];
