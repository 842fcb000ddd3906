import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const CLI = fileURLToPath(new URL('../../src/cli/hookline.ts', import.meta.url));

test('`--help` is no failure where its reader has left', async () => {
  const line = `set -o pipefail; "${process.execPath}" "${CLI}" --help | true`;
  const { stderr } = await promisify(execFile)('bash', ['-c', line]); // rejects for any other exit code than 0
  expect(stderr).toBe('');
});
