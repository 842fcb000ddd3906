import { expect, it } from 'vitest';
import { fitConnections } from '../../src/runtime/fit-connections.ts';
import { silentLog } from '../support/silent-log.ts';

const fit = (maxFiles: number | null): { readonly connections: number; readonly warned: readonly unknown[] } => {
  const warned: unknown[] = [];
  const log = { ...silentLog, warn: (facts: unknown) => void warned.push(facts) };
  return { connections: fitConnections({ maxConnections: 1_000, maxFiles, log }), warned };
};

it('holds what the settings say where there are files enough, or no limit', () => {
  for (const maxFiles of [null, 1_100, 1_048_576]) expect(fit(maxFiles)).toEqual({ connections: 1_000, warned: [] });
});

it('holds fewer where there are not, and says why', () => {
  const cause = '256 open files are allowed (`ulimit -n`), 1100 are wanted';
  expect(fit(256)).toEqual({ connections: 156, warned: [{ component: 'ingress', count: 156, cause }] });
  expect(fit(20).connections).toBe(1);
});
