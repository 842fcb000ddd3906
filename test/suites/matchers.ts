import { expect } from 'vitest';

/** Matches a text that has the part in it. */
export function containing(part: string): unknown {
  return expect.stringContaining(part);
}

/** Matches a text of the pattern. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
