import type { z } from 'zod';

const MAX_ISSUES = 5;
const MAX_LENGTH = 1000;
/** A key of our schemas; any other was the sender's choice. */
const OWN_KEY = /^[A-Za-z_]\w{0,63}$/;

/**
 * Says what a schema complains about as JSON pointers and expectations: `/lines/0/quantity: Too small: …`. Received values and
 * keys never stand in it; the schema's own messages do, so they must not quote either.
 */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const shown = issues.slice(0, MAX_ISSUES).map((issue) => `${toPointer(issue.path)}: ${toComplaint(issue)}`);
  const rest = issues.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ').slice(0, MAX_LENGTH);
}

function toPointer(path: readonly PropertyKey[]): string {
  const tokens = path.map((key) => (typeof key === 'number' || (typeof key === 'string' && OWN_KEY.test(key)) ? String(key) : '*'));
  return tokens.length === 0 ? 'the data' : `/${tokens.join('/')}`;
}

function toComplaint(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? 'Expected no other keys' : issue.message;
}
