import { defineChain } from '../../src/workflows/define-chain.ts';

/** Counts the commits that come to a repository's default branch. */
export default defineChain({
  name: 'count-push',
  on: 'github:push',
  // a branch that is deleted is pushed too, without commits; so is a tag
  when: ({ data }) => data.ref === `refs/heads/${data.repository.default_branch}` && data.commits.length > 0,
  summary: ({ data }) => `${data.repository.full_name}: ${data.commits.length} to ${data.repository.default_branch}`,

  async run({ data }, { agents }) {
    const commits = data.commits.filter(({ distinct }) => distinct).length;
    await agents.analytics.record({ name: 'commits_pushed', subject: data.repository.full_name, value: commits, currency: null });
    return { commits, forced: data.forced };
  },
});
