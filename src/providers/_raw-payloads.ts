import type { GithubPayloads } from './_payloads/github.ts';

/**
 * What raw events carry, by type, where somebody has written it down; others carry `JsonValue`. No schema judges a raw payload at
 * receipt: the provider has signed it, and a type here is what its documentation promises.
 */
export type RawPayloads = GithubPayloads;
