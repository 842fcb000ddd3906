import { z } from 'zod';
import type { AdapterName } from '../../store/stops.ts';
import { clearSwitch, listSwitches, setSwitch, type SetSwitch, type Switch } from '../../store/switches.ts';
import { clearVendorWait, listVendorWaits } from '../../store/vendor-waits.ts';
import { actionFacts } from '../../workflows/actions.gen.ts';
import { chains } from '../../workflows/catalogue.gen.ts';
import type { ApiContext } from './api-context.ts';
import { ApiError } from './api-error.ts';
import { defineRoute } from './define-route.ts';
import { asked, time } from './fields.ts';
import { makeChange } from './make-change.ts';

const switchView = z.object({
  verb: z.enum(['hold', 'pause']),
  kind: z.enum(['all', 'source', 'chain', 'agent', 'adapter']),
  name: z.string().meta({ description: '`*` where the kind is `all`.' }),
  since: time,
  by: z.string(),
  reason: z.string().nullable(),
});

const waitView = z.object({
  adapter: z.string(),
  until: time,
  since: time.meta({ description: 'When the vendor had asked first, of the times that overlap.' }),
});

const params = z.strictObject({
  verb: z.enum(['hold', 'pause']),
  kind: z
    .enum(['all', 'source', 'chain', 'agent', 'adapter'])
    .meta({ description: '`hold` takes all and source, `pause` the other four.' }),
  name: asked().meta({ description: '`*` where the kind is `all`.' }),
});

/** What operators have stopped. */
export const switches = {
  list: defineRoute({
    name: 'switches.list',
    method: 'GET',
    url: '/api/switches',
    role: 'viewer',
    summary: 'Every switch that is set, the oldest first; and the vendors that have asked to be left alone.',
    reply: z.object({
      switches: z.array(switchView).readonly(),
      waits: z.array(waitView).readonly().meta({ description: 'By `Retry-After`: no request goes to them before `until`.' }),
    }),
    handle: async ({ context: { store } }) => ({ switches: await listSwitches(store.db), waits: await listVendorWaits(store.db) }),
  }),

  set: defineRoute({
    name: 'switches.set',
    method: 'PUT',
    url: '/api/switches/:verb/:kind/:name',
    role: 'operator',
    summary: 'Holds or pauses something; where that is so already, the first time and reason stand.',
    params,
    body: z.strictObject({ reason: asked(1_000).optional() }),
    reply: z.object({ switch: switchView, changed: z.boolean() }),
    handle: ({ params: wanted, body: { reason = null }, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        const one = toSwitch(wanted, context);
        const changed = await setSwitch(tx, one, { by: caller.actor, reason });
        if (changed) await audit({ action: 'switch.set', target: toTarget(one), detail: reason === null ? {} : { reason } });
        const set = (await listSwitches(tx)).find((other) => isSame(one, other));
        if (set === undefined)
          throw new ApiError('api.conflict', { expected: 'the switch that was set', got: 'one that was just cleared' });
        return { switch: set, changed };
      }),
  }),

  clear: defineRoute({
    name: 'switches.clear',
    method: 'DELETE',
    url: '/api/switches/:verb/:kind/:name',
    role: 'operator',
    summary: 'Releases or resumes something; of an adapter it ends the wait that its vendor has asked for as well.',
    params,
    reply: z.object({
      switch: switchView.nullable().meta({ description: 'As it was; null where it was not set.' }),
      wait: waitView.nullable().meta({ description: 'What the vendor of an adapter had asked for; null where it had not.' }),
      changed: z.boolean(),
    }),
    handle: ({ params: wanted, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        const wait = wanted.kind === 'adapter' ? ((await clearVendorWait(tx, wanted.name)) ?? null) : null;
        if (wait !== null)
          await audit({ action: 'wait.clear', target: `adapter ${wait.adapter}`, detail: { until: wait.until.toISOString() } });
        const was = (await listSwitches(tx)).find((other) => isSame(wanted, other));
        if (was === undefined) {
          toSwitch(wanted, context); // one that is set may be cleared though nothing has its name any more
          return { switch: null, wait, changed: wait !== null };
        }
        const { verb, kind, name } = was;
        const one = { verb, kind, name } as Switch; // the table has none of another form
        const changed = await clearSwitch(tx, one);
        if (changed) await audit({ action: 'switch.clear', target: toTarget(one), detail: { since: was.since.toISOString(), by: was.by } });
        return { switch: was, wait, changed: changed || wait !== null };
      }),
  }),
} as const;

const ADAPTERS: Readonly<Record<AdapterName, true>> = { mail: true, crm: true, warehouse: true, team: true };

/** The switch that is wanted, if there is anything of its name. */
function toSwitch({ verb, kind, name }: z.output<typeof params>, { sources }: Pick<ApiContext, 'sources'>): Switch {
  if (verb === 'hold' && kind === 'all') {
    if (name === '*') return { verb, kind, name };
    throw new ApiError('api.badRequest', { expected: '`*`', got: `\`${name}\``, where: 'params.name' });
  }
  if (kind === 'all' || (verb === 'hold' && kind !== 'source')) {
    const expected = verb === 'hold' ? '`all` or `source`' : '`source`, `chain`, `agent` or `adapter`';
    throw new ApiError('api.badRequest', { expected, got: `\`${kind}\``, where: 'params.kind' });
  }
  const names = toNames(kind, sources);
  if (!names.includes(name)) {
    const fix = names.length === 0 ? `there is no ${kind}` : `there are ${names.map((one) => `\`${one}\``).join(', ')}`;
    throw new ApiError('api.notFound', {
      expected: `the name of ${kind === 'agent' || kind === 'adapter' ? 'an' : 'a'} ${kind}`,
      got: `\`${name}\``,
      fix,
    });
  }
  return verb === 'hold' ? { verb, kind: 'source', name } : { verb, kind, name };
}

function toNames(kind: 'source' | 'chain' | 'agent' | 'adapter', sources: ApiContext['sources']): readonly string[] {
  if (kind === 'source') return sources.map(({ name }) => name);
  if (kind === 'chain') return chains.map(({ name }) => name).toSorted();
  return Object.keys(kind === 'agent' ? actionFacts : ADAPTERS).toSorted();
}

function isSame(one: Pick<SetSwitch, 'verb' | 'kind' | 'name'>, other: SetSwitch): boolean {
  return one.verb === other.verb && one.kind === other.kind && one.name === other.name;
}

function toTarget({ verb, kind, name }: Switch): string {
  return `${verb} ${kind} ${name}`;
}
