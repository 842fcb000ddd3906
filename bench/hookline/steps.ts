import { defineAgent, effectAction, stateAction } from '../../src/activities/define-agent.ts';

interface Step {
  readonly step: string;
}

/** The actions of the benchmark's chain, as an agent. */
export default defineAgent({
  name: 'steps',
  actions: (deps) => ({
    /** A row in our own database. */
    inside: stateAction(async ({ step }: Step, { db, effectKey }) => {
      await db.query({ name: 'step', text: 'INSERT INTO steps (key, step) VALUES ($1, $2)', values: [effectKey, step] });
    }),

    /** A post to the vendor, who stands where the warehouse would. */
    outside: effectAction({ policy: 'atLeastOnce' }, async ({ step }: Step, { effectKey, sending, signal }) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': effectKey };
      await sending();
      await deps.http.call({ method: 'POST', url: `${deps.warehouse.url}/${step}`, headers, body: JSON.stringify({ step }), signal });
    }),
  }),
});
