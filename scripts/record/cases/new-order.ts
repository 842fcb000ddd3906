import { orderCreated } from '../sample-events.ts';
import { fail, type RecordedCase } from './recorded-case.ts';

const held = { lines: [{ sku: 'MUG', wanted: 2, held: 2 }], backordered: false };
const short = { lines: [{ sku: 'MUG', wanted: 2, held: 1 }], backordered: true };

/** The ways through `new-order`. */
export const newOrderCases: readonly RecordedCase[] = [
  { name: 'done', event: orderCreated(), actions: { 'inventory.reserve': () => held } },
  { name: 'backordered', event: orderCreated(), actions: { 'inventory.reserve': () => short } },
  { name: 'no-address', event: orderCreated({ customer: { email: null, name: null } }), actions: { 'inventory.reserve': () => held } },
  { name: 'reserve-failed', event: orderCreated(), actions: { 'inventory.reserve': fail('ledger.inputChanged') } },
  {
    name: 'mail-refused',
    event: orderCreated(),
    actions: { 'inventory.reserve': () => held, 'email.sendOrderConfirmation': fail('mail.refused') },
  },
  {
    name: 'warehouse-refused',
    event: orderCreated(),
    actions: { 'inventory.reserve': () => held, 'fulfilment.notifyWarehouse': fail('http.refused') },
  },
  {
    name: 'undo-failed',
    event: orderCreated(),
    actions: {
      'inventory.reserve': () => held,
      'email.sendOrderConfirmation': fail('mail.refused'),
      'inventory.release': fail('effect.fenced'),
    },
  },
];
