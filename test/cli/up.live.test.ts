import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StackFacts } from '../../src/runtime/stack-file.ts';
import { createTemporalClient } from '../../src/runtime/temporal-client.ts';
import { linesOf, processTree, runCli, startCli, survivorsOf, type RunningCli } from './run-cli.ts';

const UP = ['up', '--any-ports', '--json'];
const ENDS_WITHIN_MS = 10_000;

let cwd: string;
let running: RunningCli | undefined;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
});

afterAll(async () => {
  await running?.signal('SIGINT');
  await rm(cwd, { recursive: true, force: true });
});

/** Whether the run of an event began in the worker that shares its process with the starter, without a turn in a task queue. */
async function isEager(eventId: string): Promise<boolean | null | undefined> {
  const { temporalAddress: address, temporalNamespace: namespace } = JSON.parse(
    await readFile(join(cwd, '.hookline/stack.json'), 'utf8'),
  ) as StackFacts;
  const { client, close } = createTemporalClient({ address, namespace });
  const { events } = await client.workflow.getHandle(`shopify.${eventId}`).fetchHistory();
  await close();
  return events?.[0]?.workflowExecutionStartedEventAttributes?.eagerExecutionAccepted;
}

test('a start after SIGKILL stops what was left, and has the same data; Ctrl-C then leaves no process', { timeout: 180_000 }, async () => {
  running = startCli(UP, { cwd });
  await running.firstLine;
  const sent = await runCli(['trigger', 'shopify', 'orders/create', '--wait', '--json'], { cwd });
  expect(sent).toMatchObject({ code: 0 });
  const [{ eventId = '' } = {}] = linesOf(sent.stdout);
  expect(await isEager(String(eventId))).toBe(true);

  const killed = await processTree(running.pid);
  expect(killed.length).toBeGreaterThan(2); // itself and two servers at least
  await running.signal('SIGKILL');
  running = startCli(UP, { cwd });
  await running.firstLine;
  expect(await survivorsOf(killed)).toEqual([]);
  const { stdout } = await runCli(['events', String(eventId), '--json'], { cwd });
  expect(linesOf(stdout)).toMatchObject([{ event: { eventId }, runs: [{ state: 'done', attempt: 1 }] }]);
  expect((await runCli(['trigger', 'shopify', 'orders/create', '--wait'], { cwd })).code).toBe(0);

  const stopped = await processTree(running.pid);
  const askedAt = performance.now();
  const { code } = await running.signal('SIGINT');
  expect(code).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(ENDS_WITHIN_MS);
  expect(await survivorsOf(stopped)).toEqual([]);
  await expect(readFile(join(cwd, '.hookline/stack.json'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('`--fresh` forgets the data of earlier starts', { timeout: 120_000 }, async () => {
  running = startCli([...UP, '--fresh'], { cwd });
  await running.firstLine;
  const { stdout } = await runCli(['events', '--json'], { cwd });
  expect(linesOf(stdout)).toMatchObject([{ events: [] }]);
  expect((await running.signal('SIGTERM')).code).toBe(0);
});
