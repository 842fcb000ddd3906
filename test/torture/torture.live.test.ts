import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ROOT } from '../../scripts/drill/patched-copy.ts';
import { chooseCases } from '../../scripts/torture/choose-cases.ts';
import { toCaseId, toSiteId, type IoSite } from '../../scripts/torture/io-site.ts';
import { runTorture, type TortureResult } from '../../scripts/torture/run-torture.ts';
import { silentLog } from '../support/silent-log.ts';

/** Other choices are for `node scripts/torture.ts`, which makes all of them. */
const SEED = 1;
const CHOSEN = 8;
/** Cases that have found a defect. */
const KEPT = ['worker stock.take#1 hangAfter'];

/** In the order of a life: the post, its commit, the start, then the goods, the mail, the warehouse, the count, and the outcome. */
const SITES = [
  'sender POST#1',
  'ingress inbox.insert#1',
  'ingress runs.claim#1',
  'ingress StartWorkflowExecution#1',
  'ingress runs.markStarted#1',
  'worker PollWorkflowTaskQueue#1',
  'worker BEGIN#1',
  'worker ledger.claim#1',
  'worker stock.claim#1',
  'worker stock.take#1',
  'worker events.data#1',
  'worker entities.lock#1',
  'worker entities.insert#1',
  'worker ledger.settle#1',
  'worker COMMIT#1',
  'worker RespondWorkflowTaskCompleted#1',
  'worker ledger.claim#2',
  'worker stops.find#1',
  'worker mail connect#1',
  'worker mail EHLO#1',
  'worker mail MAIL#1',
  'worker mail RCPT#1',
  'worker mail DATA#1',
  'worker ledger.markSending#1',
  'worker mail message#1',
  'worker ledger.settle#2',
  'worker RespondActivityTaskCompleted#1',
  'worker PollWorkflowTaskQueue#2',
  'worker RespondWorkflowTaskCompleted#2',
  'worker ledger.claim#3',
  'worker ledger.markSending#2',
  'worker warehouse connect#1',
  'worker warehouse#1',
  'worker ledger.settle#3',
  'worker RespondActivityTaskCompleted#2',
  'worker PollWorkflowTaskQueue#3',
  'worker BEGIN#2',
  'worker ledger.claim#4',
  'worker analytics.record#1',
  'worker ledger.settle#4',
  'worker COMMIT#2',
  'worker runs.markOutcome#1',
  'worker RespondWorkflowTaskCompleted#3',
];

let folder: string;
let result: TortureResult;
let planned: readonly string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-torture-'));
  const choose = (sites: readonly IoSite[]) => {
    const cases = chooseCases(sites, { seed: SEED, count: CHOSEN, kept: KEPT });
    planned = cases.map(toCaseId);
    return cases;
  };
  result = await runTorture({
    rigs: 3,
    folder,
    root: ROOT,
    postgresUrl: inject('postgresUrl'),
    temporalAddress: inject('temporalAddress'),
    log: silentLog,
    choose,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an order’s life', () => {
  it('has these I/O calls: a new one is broken from the day on that it is named here', () => {
    expect(result.sites.map(toSiteId).toSorted()).toEqual(SITES.toSorted());
  });

  it('goes on from every one of them whose reply is lost, and from others that go wrong: nothing lost, nothing doubled', () => {
    expect(result.cases.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(result.violations).toEqual([]);
    expect(result.cases.map(({ id }) => id).toSorted()).toEqual(planned.toSorted());
    expect(planned).toEqual(expect.arrayContaining(KEPT));
  });
});
