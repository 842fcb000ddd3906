import { readTlsPair } from '../../ingress/tls-pair.ts';
import { LISTENERS, type Listener, type ReadSettings } from './exposed-listeners.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** Who is going to serve a certificate, and when. */
export interface Binding {
  readonly listeners: readonly Listener[];
  readonly now: Date;
}

/** The settings that are paths of certificates and keys. */
export const TLS_SETTINGS = LISTENERS.flatMap((listener) => [`${listener}.tls.cert`, `${listener}.tls.key`]);

/** Reads the pair of each listener that is going to be bound, whole, and tells why one could not be served. Paths are absolute by now. */
export function unfitCertificates(
  { values, whereOf }: Pick<ReadSettings, 'values' | 'whereOf'>,
  { listeners, now }: Binding,
): readonly SettingsProblem[] {
  return listeners.flatMap((listener): SettingsProblem[] => {
    const [cert, key] = [values.get(`${listener}.tls.cert`), values.get(`${listener}.tls.key`)];
    if (typeof cert !== 'string' || typeof key !== 'string') return [];
    const pair = readTlsPair({ cert, key }, now);
    if (pair.ok) return [];
    const { file, expected, got, fix } = pair;
    return [{ code: 'settings.wrong', expected, got, where: whereOf(`${listener}.tls.${file}`), fix }];
  });
}
