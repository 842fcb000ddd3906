import { isLoopback } from '../../contracts/settings-kinds.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** The settings as read so far. */
export interface ReadSettings {
  readonly values: ReadonlyMap<string, unknown>;
  /** Paths that were given, also those whose value is wrong. */
  readonly given: ReadonlySet<string>;
  readonly whereOf: (path: string) => string;
}

/** The listeners, as the settings call them. */
export const LISTENERS = ['ingress', 'admin'] as const;

/** One of the listeners. */
export type Listener = (typeof LISTENERS)[number];

/**
 * Refuses a listener that others than this machine can reach, where it neither has a certificate nor a declared proxy in front: what is
 * signed, and what a token opens, must not travel in the clear. What is declared and wrong is told once, by its own problem.
 */
export function exposedListeners({ values, given, whereOf }: ReadSettings): readonly SettingsProblem[] {
  return LISTENERS.flatMap((listener): SettingsProblem[] => {
    const host = values.get(`${listener}.host`);
    const proxies = values.get(`${listener}.trustProxy`);
    const hasProxy = Array.isArray(proxies) ? proxies.length > 0 : given.has(`${listener}.trustProxy`);
    const hasTls = given.has(`${listener}.tls.cert`) || given.has(`${listener}.tls.key`);
    if (typeof host !== 'string' || isLoopback(host) || hasProxy || hasTls) return [];
    return [
      {
        code: 'settings.wrong',
        expected: `\`${listener}.tls\`, or a proxy in \`${listener}.trustProxy\` that ends TLS, for a listener beyond loopback`,
        got: 'neither',
        where: whereOf(`${listener}.host`),
        fix: `give \`${listener}.tls\` certificate and key, or list the addresses from which your proxy connects in \`${listener}.trustProxy\`, or bind to \`127.0.0.1\``,
      },
    ];
  });
}
