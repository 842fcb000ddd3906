import { readFileSync } from 'node:fs';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import github from '../../src/providers/github.ts';
import type { ChainContext, RunEvent } from '../../src/workflows/define-chain.ts';
import countPush from './count-push.ts';

const SECRET = 'only-for-this-example';

/** What has become of one push. */
export interface Tried {
  readonly state: string;
  readonly workflowId: string | null;
  readonly summary: string | null;
  readonly calls: readonly (readonly [action: string, input: unknown])[];
  readonly result: unknown;
}

/**
 * Signs a payload as GitHub does, and takes it the way of a delivery: verified, interpreted, routed. A run is played in plain Node:
 * its actions are noted down and nothing else.
 */
export async function tryPush(body: Uint8Array, { event = 'push', now = new Date() } = {}): Promise<Tried> {
  const named = { 'X-GitHub-Event': event, 'X-GitHub-Delivery': 'a-delivery-of-this-example' };
  const headers = toDeliveryHeaders(Object.entries({ ...named, ...github.sign({ body, secret: SECRET, now }) }).flat());
  const verdict = github.verify({ headers, body }, { secrets: [SECRET], now });
  if (!verdict.ok) throw new Error(verdict.code);

  const interpret = createInterpreter({ providers: [github], events: [], chains: [countPush] });
  const source = { name: 'github', provider: 'github', secrets: [SECRET], options: {} };
  const read = interpret({ headers, body, receivedAt: now }, source);
  const [only] = read.ok ? read.events : [];
  if (only === undefined) throw new Error(read.ok ? 'no event' : `${read.code}: ${read.detail}`);
  const [route] = only.routes;
  if (route === undefined) return { state: only.state, workflowId: null, summary: null, calls: [], result: null };

  const run = { ...only, uuid: 'of-this-example', source: source.name, id: only.eventId, entity: null, test: false };
  const pushed = { ...run, occurredAt: now.toISOString(), receivedAt: now.toISOString() } as unknown as RunEvent<'github:push'>; // it was routed to a chain on pushes
  const calls: [string, unknown][] = [];
  const result = await countPush.run(pushed, noting(calls));
  return { state: only.state, workflowId: route.workflowId, summary: countPush.summary(pushed), calls, result };
}

/** Agents that note what they are asked to do. */
function noting(calls: [string, unknown][]): ChainContext {
  const agentNamed = (agent: string): object =>
    new Proxy({}, { get: (_target, name) => async (input: unknown) => void calls.push([`${agent}.${String(name)}`, input]) });
  return {
    agents: new Proxy({} as ChainContext['agents'], { get: (_target, agent) => agentNamed(String(agent)) }), // every agent is one of them
    sleep: async () => {},
    undo: () => {},
    all: async (branches) => (await Promise.all(branches.map((branch) => branch()))) as never, // in order, as the type says
    log: () => {},
  };
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  const sample = github.sample['push']?.({ now: new Date(), id: '0123456789abcdef' }).body;
  const body = file === undefined ? Buffer.from(JSON.stringify(sample)) : readFileSync(file);
  process.stdout.write(`${JSON.stringify(await tryPush(body), undefined, 2)}\n`);
}
