import { ApplicationFailure } from '@temporalio/common';
import type { RunInput } from '../../src/contracts/run.ts';
import { orderCreated } from './sample-events.ts';
import type { ScriptedAction } from './scripted-worker.ts';

/** One way through a chain: what comes in, and what its actions answer. */
export interface RecordedCase {
  readonly name: string;
  readonly event: RunInput['event'];
  readonly actions: Readonly<Record<string, ScriptedAction>>;
}

const fail =
  (code: string): ScriptedAction =>
  () => {
    throw ApplicationFailure.nonRetryable(`${code}: as scripted`, code);
  };

const held = { lines: [{ sku: 'MUG', wanted: 2, held: 2 }], backordered: false };
const short = { lines: [{ sku: 'MUG', wanted: 2, held: 1 }], backordered: true };

/** The ways through each chain whose histories are kept: every branch of its code, and every kind of end. */
export const cases: Readonly<Record<string, readonly RecordedCase[]>> = {
  'new-order': [
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
  ],
};
