import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compileCopy } from '../scripts/copy-of-sources.ts';
import { githubShapes } from './github-shapes.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'examples/github-push');
const run = promisify(execFile);

interface Webhook {
  readonly name: string;
  readonly examples: readonly unknown[];
}

interface Tried {
  readonly state: string;
  readonly workflowId: string | null;
  readonly summary: string | null;
  readonly calls: readonly unknown[];
  readonly result: unknown;
}

interface Push {
  readonly ref: string;
  readonly commits: readonly { readonly distinct: boolean }[];
  readonly repository: { readonly full_name: string; readonly default_branch: string };
}

const require = createRequire(import.meta.url);
const corpora = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'].flatMap(
  (corpus) => require(`@octokit/webhooks-examples/${corpus}/index.json`) as readonly Webhook[], // the package's types cover its main file alone
);
const payloadsOf = (event: string): readonly unknown[] => corpora.filter(({ name }) => name === event).flatMap(({ examples }) => examples);
// the example is a project of its own, which tests do not compile with
const { tryPush } = (await import(pathToFileURL(join(EXAMPLE, 'try.ts')).href)) as {
  readonly tryPush: (body: Uint8Array, options?: { readonly event?: string }) => Promise<Tried>;
};

describe('every example of GitHub', () => {
  it.each([
    ['push', githubShapes.push],
    ['issues', githubShapes.issues],
    ['ping', githubShapes.ping],
  ] as const)('of `%s` has the shape that chains are typed by', (event, shape) => {
    const payloads = payloadsOf(event);
    expect(payloads.length).toBeGreaterThan(10);
    for (const payload of payloads) expect(shape.safeParse(payload).error?.issues ?? []).toEqual([]);
  });
});

describe('examples/github-push', () => {
  it('counts the new commits of real pushes to a default branch, and nothing else', async () => {
    const pushes = payloadsOf('push') as readonly Push[]; // their shape is judged above
    const tried = await Promise.all(pushes.map((push) => tryPush(Buffer.from(JSON.stringify(push)))));
    const wanted = pushes.map(({ ref, commits, repository }) => ref === `refs/heads/${repository.default_branch}` && commits.length > 0);
    expect(new Set(wanted)).toEqual(new Set([true, false]));
    for (const [index, { state, workflowId, calls, summary, result }] of tried.entries()) {
      const { commits, repository } = pushes[index] as Push; // one of each
      const value = commits.filter(({ distinct }) => distinct).length;
      const record = ['analytics.record', { name: 'commits_pushed', subject: repository.full_name, value, currency: null }];
      expect({ state, workflowId, calls }).toEqual(
        wanted[index] === true
          ? { state: 'routed', workflowId: 'github.a-delivery-of-this-example', calls: [record] }
          : { state: 'ignored', workflowId: null, calls: [] },
      );
      expect(summary?.startsWith(`${repository.full_name}: `) ?? false).toBe(wanted[index]);
      expect(result === null).toBe(wanted[index] === false);
    }
  });

  it('is not asked about other events', async () => {
    const [ping] = payloadsOf('ping');
    expect(await tryPush(Buffer.from(JSON.stringify(ping)), { event: 'ping' })).toMatchObject({ state: 'ignored', calls: [] });
  });

  it('runs by the one command of its README', async () => {
    const { stdout } = await run(process.execPath, ['examples/github-push/try.ts'], { cwd: ROOT });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'routed', summary: 'ada/engine: 1 to main', result: { commits: 1, forced: false } });
  });

  it('compiles where its README says to copy it, and with a misspelt field does not', async () => {
    const chain = (await readFile(join(EXAMPLE, 'count-push.ts'), 'utf8')).replace(
      '../../src/workflows/define-chain.ts',
      '../define-chain.ts',
    );
    const files = new Map([
      ['src/workflows/chains/count-push.ts', chain],
      ['src/workflows/chains/misspelt-push.ts', chain.replaceAll('default_branch', 'default_brunch')],
    ]);
    const said = (await compileCopy({ room: 'workflows', files })).split('\n').filter((line) => line.includes('-push.ts'));
    expect(said.filter((line) => line.includes('/count-push.ts'))).toEqual([]);
    expect(said.join('\n')).toContain("'default_brunch' does not exist");
  }, 120_000);
});
