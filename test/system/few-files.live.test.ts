import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRaw } from '../support/raw-http.ts';
import { startSystem, type System } from '../support/system.ts';

const FILES = 200;
const CONNECTIONS = 100;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

it('an ingress that may open few files holds fewer connections, says why, and has room for every newcomer', async () => {
  const { port, lines } = await system.startIngress({ maxFiles: FILES });
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      count: CONNECTIONS,
      cause: `${FILES} open files are allowed (\`ulimit -n\`), 1100 are wanted`,
    }),
  );
  let cut = 0;
  for (let at = 0; at < 2 * FILES; at += 1) void (await openRaw(port)).closed().then(() => (cut += 1));
  await expect.poll(() => cut).toBe(2 * FILES - CONNECTIONS); // the oldest, one for each newcomer
});
