import type { JsonObject } from '../../contracts/json.ts';
import type { ProviderDefinition, Sample, SampleContext } from '../define-provider.ts';
import { hexOf, numberOf } from './seeded.ts';

/** Samples of GitHub's payloads (docs.github.com/en/webhooks/webhook-events-and-payloads), with the links left out. */
export const githubSamples = {
  ping: (context) => toSample('ping', context, ping(context)),
  push: (context) => toSample('push', context, push(context)),
  issues: (context) => toSample('issues', context, issue(context)),
} as const satisfies ProviderDefinition['sample'];

const HOOK_ID = 528_114_207;
const ADA = { login: 'ada', id: 1815, node_id: 'MDQ6VXNlcjE4MTU=', type: 'User', site_admin: false };
const REPOSITORY = {
  id: 186_853_002,
  node_id: 'MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=',
  name: 'engine',
  full_name: 'ada/engine',
  private: false,
  owner: ADA,
  html_url: 'https://github.com/ada/engine',
  description: null,
  fork: false,
  default_branch: 'main',
};

function ping({ now, id }: SampleContext): JsonObject {
  return {
    zen: 'Design for failure.',
    hook_id: HOOK_ID,
    hook: {
      type: 'Repository',
      id: HOOK_ID,
      name: 'web',
      active: true,
      events: ['push', 'issues'],
      config: { content_type: 'json', insecure_ssl: '0', url: `https://hooks.example.com/webhooks/github?sample=${id}` },
      created_at: now.toISOString(),
      updated_at: now.toISOString(),
    },
    repository: REPOSITORY,
    sender: ADA,
  };
}

function push({ now, id }: SampleContext): JsonObject {
  const before = hexOf(id, { kind: 'before', digits: 40 });
  const after = hexOf(id, { kind: 'after', digits: 40 });
  const author = { name: 'Ada Lovelace', email: 'ada@example.com', username: 'ada' };
  const commit = {
    id: after,
    tree_id: hexOf(id, { kind: 'tree', digits: 40 }),
    distinct: true,
    message: 'Weave the numbers of Bernoulli',
    timestamp: now.toISOString(),
    url: `https://github.com/ada/engine/commit/${after}`,
    author,
    committer: author,
    added: ['notes/g.md'],
    removed: [],
    modified: ['README.md'],
  };
  return {
    ref: 'refs/heads/main',
    before,
    after,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/ada/engine/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: [commit],
    head_commit: commit,
    repository: REPOSITORY,
    pusher: { name: 'ada', email: 'ada@example.com' },
    sender: ADA,
  };
}

function issue({ now, id }: SampleContext): JsonObject {
  const number = numberOf(id) % 10_000;
  return {
    action: 'opened',
    issue: {
      id: numberOf(id),
      number,
      title: 'Card 12 jams',
      body: 'It stops after the second variable card.',
      state: 'open',
      locked: false,
      user: ADA,
      labels: [],
      assignee: null,
      comments: 0,
      html_url: `https://github.com/ada/engine/issues/${number}`,
      created_at: now.toISOString(),
      updated_at: now.toISOString(),
      closed_at: null,
      author_association: 'OWNER',
    },
    repository: REPOSITORY,
    sender: ADA,
  };
}

function toSample(event: string, { id }: SampleContext, body: JsonObject): Sample {
  return {
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'GitHub-Hookshot/0123456',
      'X-GitHub-Delivery': id,
      'X-GitHub-Event': event,
      'X-GitHub-Hook-ID': String(HOOK_ID),
      'X-GitHub-Hook-Installation-Target-ID': String(REPOSITORY.id),
      'X-GitHub-Hook-Installation-Target-Type': 'repository',
    },
    body,
  };
}
