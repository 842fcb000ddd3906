import type { Caller } from './api-context.ts';

/** What stands in the place of a payload that was asked for: itself, or null and that it was left out. */
export function toPayload<Name extends string>(
  name: Name,
  value: unknown,
  { asked, caller }: { readonly asked: boolean | undefined; readonly caller: Pick<Caller, 'payloads'> },
): { readonly [key in Name]?: unknown } & { readonly redacted?: true } {
  if (asked !== true) return {};
  // the one member that the type names
  return (caller.payloads ? { [name]: value } : { [name]: null, redacted: true }) as { readonly [key in Name]?: unknown };
}
