import { isLoopback } from '../../contracts/settings-kinds.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** The settings as read so far. */
export interface ReadSettings {
  readonly values: ReadonlyMap<string, unknown>;
  /** Paths that were given, also those whose value is wrong. */
  readonly given: ReadonlySet<string>;
  readonly whereOf: (path: string) => string;
}

/**
 * Refuses a listener that others than this machine can reach, where no proxy in front is declared: our listener speaks plain HTTP,
 * and what is signed must not travel in the clear. A `trustProxy` that is wrong itself is told once, by its own problem.
 */
export function exposedWithoutProxy({ values, given, whereOf }: ReadSettings): readonly SettingsProblem[] {
  const host = values.get('ingress.host');
  const proxies = values.get('ingress.trustProxy');
  const isDeclared = Array.isArray(proxies) ? proxies.length > 0 : given.has('ingress.trustProxy');
  if (typeof host !== 'string' || isLoopback(host) || isDeclared) return [];
  return [
    {
      code: 'settings.wrong',
      expected: '`ingress.trustProxy` to name the proxy that ends TLS in front of a listener beyond loopback',
      got: 'no proxy',
      where: whereOf('ingress.host'),
      fix: 'list the addresses from which your proxy connects in `ingress.trustProxy`, or bind to `127.0.0.1`: we speak HTTP, and never in public',
    },
  ];
}
