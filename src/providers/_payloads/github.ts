// The members of GitHub's payloads that chains commonly need, as its documentation and its corpus of examples have them
// (docs.github.com/en/webhooks/webhook-events-and-payloads). GitHub sends more; a test holds these against every example.
// Type aliases, not interfaces: only they are JSON to the compiler, and a chain's data must be.

/** A user, an organisation or a bot. */
export type GithubAccount = {
  readonly login: string;
  readonly id: number;
  readonly type: string;
};

/** A repository. */
export type GithubRepository = {
  readonly id: number;
  readonly name: string;
  /** `owner/name`. */
  readonly full_name: string;
  readonly private: boolean;
  readonly html_url: string;
  readonly description: string | null;
  readonly fork: boolean;
  readonly default_branch: string;
};

/** A commit of a push. */
export type GithubCommit = {
  readonly id: string;
  readonly message: string;
  /** ISO 8601, with a zone. */
  readonly timestamp: string;
  readonly url: string;
  /** False where it had been pushed before, to another branch. */
  readonly distinct: boolean;
  readonly author: { readonly name: string; readonly email: string | null; readonly username?: string };
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
};

/** `github:push`: commits, or a tag, that have come to a repository; also a branch or tag that is gone. */
export type GithubPush = {
  /** `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly created: boolean;
  readonly deleted: boolean;
  readonly forced: boolean;
  readonly compare: string;
  /** At most 2,048. */
  readonly commits: readonly GithubCommit[];
  /** Null where the branch or tag was deleted. */
  readonly head_commit: GithubCommit | null;
  readonly repository: GithubRepository;
  readonly pusher: { readonly name: string; readonly email?: string | null };
  readonly sender?: GithubAccount;
};

/** `github:issues`: what `action` says has happened to an issue. */
export type GithubIssues = {
  readonly action: string;
  readonly issue: {
    readonly id: number;
    readonly number: number;
    readonly title: string;
    readonly body: string | null;
    readonly state?: string;
    readonly user: GithubAccount | null;
    readonly html_url: string;
    readonly created_at: string;
    readonly updated_at: string;
    readonly closed_at: string | null;
  };
  readonly repository: GithubRepository;
  readonly sender: GithubAccount;
};

/** `github:ping`: the first event of a new webhook. */
export type GithubPing = {
  readonly zen: string;
  readonly hook_id: number;
  readonly hook: { readonly id: number; readonly type: string; readonly active: boolean; readonly events: readonly string[] };
};

/** What raw events of GitHub carry. */
export type GithubPayloads = {
  readonly 'github:push': GithubPush;
  readonly 'github:issues': GithubIssues;
  readonly 'github:ping': GithubPing;
};
