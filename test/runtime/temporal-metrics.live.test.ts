import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { metricsTable } from '../../src/contracts/metrics-table.ts';
import { TASK_QUEUE } from '../../src/contracts/names.ts';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { TEMPORAL_NAMES } from '../deploy/temporal-names.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { postRaw } from '../support/raw-http.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let system: System;
let temporal: TemporalClient;
let toTemporal: FaultProxy;
let ingress: HooklineProcess;
let worker: HooklineProcess;

beforeAll(async () => {
  system = await startSystem();
  toTemporal = await startFaultProxy(Number(inject('temporalAddress').split(':')[1]));
  temporal = createTemporalClient({ address: inject('temporalAddress'), namespace: system.namespace });
  [ingress, worker] = await Promise.all([system.startIngress(), system.startWorker({ temporalAddress: `127.0.0.1:${toTemporal.port}` })]);
});
afterAll(async () => {
  await system.close();
  await Promise.all([temporal.close(), toTemporal.close()]);
});

const scrape = async ({ lines }: HooklineProcess = worker): Promise<string> => {
  const { port } = new URL(String(lines.find(({ msg }) => msg === 'ready')?.['admin_url']));
  return (await postRaw(Number(port), { method: 'GET', path: '/metrics' })).body;
};

/** Every name of a text with the labels that any of its series has. */
const namesIn = (text: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const types = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type]) => [name, type]));
  const found = new Map<string, Set<string>>();
  for (const [, series = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const base = series.replace(/_(?:bucket|sum|count)$/, '');
    const name = types.get(base) === 'histogram' ? base : series;
    const known = found.get(name) ?? new Set();
    found.set(name, known);
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) if (label !== 'le') known.add(label);
  }
  return found;
};

describe("a worker's metrics", () => {
  test("have those of Temporal's SDK beside ours, by the names and labels that alerts and dashboard use", async () => {
    const id = randomUUID();
    await system.post(ingress, orderOf(id));
    await expect.poll(() => system.runs(), { timeout: 20_000 }).toMatchObject([{ state: 'done' }]);
    // a workflow task that fails, as that of a chain does which only a newer worker knows
    await temporal.client.workflow.start('a-chain-of-tomorrow', { workflowId: 'the-id-of-a-run', taskQueue: TASK_QUEUE });
    await expect.poll(() => scrape(), { timeout: 20_000 }).toContain('\ntemporal_workflow_task_execution_failed_total{');

    const text = await scrape();
    for (const own of ['hookline_actions_total', 'process_open_fds', 'hookline_ready']) expect(text).toContain(`\n# TYPE ${own} `);
    const names = namesIn(text);
    const { temporal_long_request_failure_total: _later, ...expected } = TEMPORAL_NAMES;
    const found = Object.keys(expected).map((name) => [name, [...(names.get(name) ?? [])].toSorted()]);
    expect(found).toEqual(Object.entries(expected).map(([name, labels]) => [name, labels.toSorted()]));
    expect(text).not.toContain(id);
    expect(text).not.toContain('example.com');
    expect(text).not.toContain('the-id-of-a-run');
  });

  test('describe each name once, and have no name but ours and those of the SDK', async () => {
    const text = await scrape();
    const described = [...text.matchAll(/^# (HELP|TYPE) (\w+) /gm)].map(([, kind, name]) => `${kind} ${name}`);
    expect(described).toEqual([...new Set(described)]);
    expect([...namesIn(text).keys()].filter((name) => !(name in metricsTable) && !name.startsWith('temporal_'))).toEqual([]);
  });

  test("are no part of an ingress's, which has no use for the SDK's native part", async () => {
    const text = await scrape(ingress);
    expect(text).toContain('\nhookline_ready 1\n');
    expect(text).not.toContain('temporal_num_pollers');
  });

  test('count polls that fail while Temporal is away, and go on saying how the process is', async () => {
    await toTemporal.close();
    await expect.poll(() => scrape(), { timeout: 20_000 }).toContain('\ntemporal_long_request_failure_total{');
    const text = await scrape();
    expect([...(namesIn(text).get('temporal_long_request_failure_total') ?? [])].toSorted()).toEqual(
      TEMPORAL_NAMES['temporal_long_request_failure_total']?.toSorted(),
    );
    await expect.poll(() => scrape(), { timeout: 20_000 }).toContain('\nhookline_ready 0\n');
  });
});
