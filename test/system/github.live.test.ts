import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, type ProjectCopy } from '../scripts/new-copy.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startSystem, type System } from '../support/system.ts';

interface Push {
  readonly ref: string;
  readonly commits: readonly { readonly distinct: boolean }[];
  readonly repository: { readonly full_name: string; readonly default_branch: string };
}

const corpus = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json') as readonly {
  readonly name: string;
  readonly examples: readonly object[];
}[]; // the package's types cover its main file alone
const payloadsOf = (event: string): readonly object[] => corpus.filter(({ name }) => name === event).flatMap(({ examples }) => examples);
const toDefaultBranch = (push: Push): boolean => push.ref === `refs/heads/${push.repository.default_branch}` && push.commits.length > 0;

let copy: ProjectCopy;
let system: System;
let ingress: HooklineProcess;

// A copy of the project in which the example is installed as its README says.
beforeAll(async () => {
  copy = await copyProject();
  const chain = await readFile(join(copy.root, 'examples/github-push/count-push.ts'), 'utf8');
  await writeFile(
    join(copy.root, 'src/workflows/chains/count-push.ts'),
    chain.replace('../../src/workflows/define-chain.ts', '../define-chain.ts'),
  );
  const generated = await copy.run('npm', 'run', 'generate');
  if (generated.code !== 0) throw new Error(generated.output);
  system = await startSystem({ cli: join(copy.root, 'src/cli/hookline.ts') });
  [ingress] = await Promise.all([system.startIngress(), system.startWorker()]);
});
afterAll(async () => {
  await system.close();
  await copy.remove();
});

const sql = (text: string): Promise<void> => system.database.pool.session((session) => session.run(text));
const stateOf = async (id: string): Promise<string | undefined> => (await system.runs()).find(({ event_id }) => event_id === id)?.state;
const countedOf = async (subject: string): Promise<number> => {
  const text = `SELECT coalesce(sum(value), 0)::int AS sum FROM analytics WHERE name = 'commits_pushed' AND subject = $1`;
  return (await system.database.pool.query<{ sum: number }>({ name: 'test.commits', text, values: [subject] })).rows[0]?.sum ?? 0;
};

describe('pushes of GitHub, with the example chain installed', () => {
  it('are counted where they reach a default branch, and ignored where they do not', async () => {
    const pushes = payloadsOf('push') as readonly Push[]; // GitHub's own corpus
    const sent = await Promise.all(
      pushes.map(async (payload) => ({ payload, answer: await system.postGithub(ingress, { id: randomUUID(), event: 'push', payload }) })),
    );
    for (const { payload, answer } of sent)
      expect([answer.status, answer.body.status]).toEqual([200, toDefaultBranch(payload) ? 'accepted' : 'ignored']);
    const routed = sent.filter(({ payload }) => toDefaultBranch(payload));
    expect(routed.length).toBeGreaterThan(0);
    await expect
      .poll(() => Promise.all(routed.map(({ answer }) => stateOf(answer.body.eventId ?? ''))), { timeout: 20_000 })
      .toEqual(routed.map(() => 'done'));
    const [first] = routed;
    const subject = first?.payload.repository.full_name ?? '';
    const wanted = routed.filter(({ payload }) => payload.repository.full_name === subject).flatMap(({ payload }) => payload.commits);
    expect(await countedOf(subject)).toBe(wanted.filter(({ distinct }) => distinct).length);
  });

  it('are counted once, by themselves, after a failure in the middle', async () => {
    const push = (payloadsOf('push') as readonly Push[]).find(toDefaultBranch); // as above
    const id = randomUUID();
    const subject = `octo-org/${id}`;
    await sql('ALTER TABLE analytics RENAME TO analytics_away');
    await system.postGithub(ingress, { id, event: 'push', payload: { ...push, repository: { ...push?.repository, full_name: subject } } });
    await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe('started');
    await sql('ALTER TABLE analytics_away RENAME TO analytics');
    await expect.poll(() => stateOf(id), { timeout: 30_000 }).toBe('done');
    expect(await countedOf(subject)).toBe(push?.commits.filter(({ distinct }) => distinct).length);
  });

  it('and pings are verified, stored, and ignored', async () => {
    const [payload = {}] = payloadsOf('ping');
    expect((await system.postGithub(ingress, { id: randomUUID(), event: 'ping', payload })).body.status).toBe('ignored');
  });
});
