import { describe, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { GithubIssues, GithubPing, GithubPush } from '../../src/providers/_payloads/github.ts';
import type { Chain, DataOf } from '../../src/workflows/define-chain.ts';
import { defineChain } from '../../src/workflows/define-chain.ts';
import type { githubShapes } from './github-shapes.ts';

describe('a chain on a raw type', () => {
  test('knows the payload where somebody has written it down', () => {
    defineChain({
      name: 'typed',
      on: 'github:push',
      when: ({ data }) => data.ref === `refs/heads/${data.repository.default_branch}`,
      summary: ({ data }) => data.repository.full_name,
      async run({ data }) {
        expectTypeOf(data).toEqualTypeOf<GithubPush>();
        expectTypeOf(data).not.toHaveProperty('commit'); // GitHub sends `commits`
      },
    });
  });

  test('is a chain like any other', () => {
    const chain = defineChain({ name: 'typed', on: 'github:issues', summary: ({ data }) => data.issue.title, run: async () => null });
    expectTypeOf(chain).toExtend<Chain>();
  });

  test('gets whatever came where nobody has', () => {
    expectTypeOf<DataOf<'github:star'>>().toEqualTypeOf<JsonValue>();
    expectTypeOf<DataOf<'stripe:charge.refunded'>>().toEqualTypeOf<JsonValue>();
  });

  test('of several has the payload of each', () => {
    expectTypeOf<DataOf<'github:push' | 'github:issues'>>().toEqualTypeOf<GithubPush | GithubIssues>();
  });
});

describe('the payloads of GitHub', () => {
  test('are those that the corpus is held against', () => {
    expectTypeOf<z.output<typeof githubShapes.push>>().toEqualTypeOf<GithubPush>();
    expectTypeOf<z.output<typeof githubShapes.issues>>().toEqualTypeOf<GithubIssues>();
    expectTypeOf<z.output<typeof githubShapes.ping>>().toEqualTypeOf<GithubPing>();
  });
});
