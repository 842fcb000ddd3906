import { defineAgent, effectAction, stateAction, type EffectAction, type StateAction } from '../../../src/activities/define-agent.ts';
import { EffectFailure } from '../../../src/activities/effect-failure.ts';
import { mergeEntity } from '../../../src/activities/merge-entity.ts';
import customer from '../../../src/entities/customer.ts';
import type { Vendors } from './vendors.ts';
import type { Host } from './world.ts';

/** What every action of the simulation is given. */
export interface StepInput {
  readonly customer: string;
  readonly name: string;
  readonly time: string;
  /** Attempts of the run up to which the step `refused` is refused. */
  readonly refusals: number;
}

/** What a run does, in order; `book` is undone when the run fails. */
export type StepName = 'book' | 'crm' | 'mail' | 'receipt' | 'refused';

/** Any action of the simulation. */
export type SimulatedAction = StateAction<StepInput, null> | EffectAction<StepInput, null>;

/**
 * The simulation's agent, made of the product's own kinds of action: `book` writes a row and a customer, and `unbook` takes the row back;
 * `crm` goes to a vendor that looks at keys; `mail` and `receipt` to one that does not, at most and at least once.
 */
export function createActions({
  host,
  vendors,
  entity = customer,
}: {
  readonly host: Host;
  readonly vendors: Vendors;
  /** @default the product's */
  readonly entity?: typeof customer | undefined;
}): Readonly<Record<StepName | 'unbook', SimulatedAction>> {
  const send = (vendor: 'crm' | 'mail', policy: 'atMostOnce' | 'atLeastOnce'): EffectAction<StepInput, null> =>
    effectAction({ policy }, async ({ name }, { effectKey, sending, signal }) => {
      await sending(vendor);
      await vendors.call({ host, vendor, key: effectKey, body: name, signal });
      return null;
    });
  return defineAgent({
    name: 'simulated',
    actions: () => ({
      book: stateAction<StepInput, null>(async ({ customer: id, name, time }, { db, call, effectKey, onSuperseded }) => {
        await db.query({ name: 'test.book', text: '', values: [effectKey, call.eventUuid] });
        await mergeEntity({ db, call, onSuperseded }, { entity, id, writes: [{ agent: 'event', time, fields: { name } }] });
        return null;
      }),
      unbook: stateAction<StepInput, null>({ undoes: 'book' }, async (_input, { db, call }) => {
        await db.query({ name: 'test.unbook', text: '', values: [call.eventUuid] });
        return null;
      }),
      crm: send('crm', 'atLeastOnce'),
      mail: send('mail', 'atMostOnce'),
      receipt: send('mail', 'atLeastOnce'),
      refused: effectAction<StepInput, null>({ policy: 'atMostOnce' }, async ({ refusals }, { call, sending }) => {
        await sending();
        if (call.attempt <= refusals) throw new EffectFailure('http.refused', { happened: 'no' });
        return null;
      }),
    }),
  }).actions({} as never); // they touch no dependency
}
