import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { DEVELOPMENT_SOURCES } from '../../src/runtime/settings/development-set.ts';
import { ROOT } from './compose.ts';
import { toSecretVariable } from './environment.ts';

const FILE = 'deploy/hookline.yaml';
const LOOPBACK = '127.0.0.1';

/** The ports of one process: compose gives each an address of its own instead. */
export interface ProcessPorts {
  readonly ingress: number;
  readonly admin: number;
}

/**
 * `deploy/hookline.yaml` for one process on this machine: on loopback, where the proxy connects from, with ports of its own; the sources
 * of the demonstration beside those of the file; and calls to the stand-ins allowed, which have private addresses.
 */
export function toSettingsFile({ ingress, admin }: ProcessPorts): string {
  const document = parseDocument(readFileSync(join(ROOT, FILE), 'utf8'));
  const change = (path: readonly string[], value: unknown): void => {
    if (!document.hasIn(path)) throw new Error(`${FILE} holds no \`${path.join('.')}\` any more: see scripts/topology/settings-file.ts`);
    document.setIn(path, value);
  };
  change(['ingress', 'host'], LOOPBACK);
  change(['ingress', 'port'], ingress);
  change(['ingress', 'trustProxy'], [LOOPBACK]);
  change(['admin', 'port'], admin);
  for (const name of ['host', 'trustProxy', 'tls']) document.deleteIn(['admin', name]);
  document.deleteIn(['temporal', 'uiUrl']);
  document.setIn(['http', 'allow'], [LOOPBACK]);
  for (const [name, source] of Object.entries(DEVELOPMENT_SOURCES))
    document.setIn(['sources', name], { ...source, secrets: [`\${${toSecretVariable(name)}}`] });
  return document.toString();
}
