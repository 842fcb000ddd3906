import { HooklineError } from '../contracts/errors.ts';
import type { StackFacts } from '../runtime/stack-file.ts';

/**
 * The address of the public listener, without a slash at its end: the one that was given, else that of the running stack; undefined where
 * neither is there. Throws `cli.usage` for a given one that is none.
 */
export function toListenerBase({
  url,
  stack,
}: {
  readonly url: string | undefined;
  readonly stack: Pick<StackFacts, 'ingressUrl'> | null;
}): string | undefined {
  if (url === undefined) return stack?.ingressUrl;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url).href.replace(/\/+$/, '');
  throw new HooklineError('cli.usage', { expected: '`--url` with an address such as `http://127.0.0.1:8787`', got: 'another' });
}
