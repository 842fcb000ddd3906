import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { resolveTemporal } from '../../src/runtime/temporal-client.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hookline-envconfig-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe('resolveTemporal', () => {
  it('takes a given address as it is, whatever the environment says', () => {
    expect(resolveTemporal({ address: '127.0.0.1:7233' })).toEqual({
      address: '127.0.0.1:7233',
      namespace: 'default',
      options: { address: '127.0.0.1:7233' },
    });
  });

  it('reads address and namespace from the environment', () => {
    const env = { TEMPORAL_ADDRESS: 'temporal.internal:7233', TEMPORAL_NAMESPACE: 'shop', TEMPORAL_CONFIG_FILE: join(dir, 'none.toml') };
    expect(resolveTemporal({ env })).toMatchObject({ address: 'temporal.internal:7233', namespace: 'shop' });
  });

  it('switches TLS on for an API key', () => {
    const env = { TEMPORAL_ADDRESS: 'shop.tmprl.cloud:7233', TEMPORAL_API_KEY: 'key', TEMPORAL_CONFIG_FILE: join(dir, 'none.toml') };
    expect(resolveTemporal({ env }).options).toMatchObject({ apiKey: 'key', tls: true });
  });

  it('reads a profile of `temporal.toml`, which variables override', async () => {
    const file = join(dir, 'temporal.toml');
    await writeFile(file, '[profile.default]\naddress = "from-file:7233"\nnamespace = "from-file"\n');
    expect(resolveTemporal({ env: { TEMPORAL_CONFIG_FILE: file, TEMPORAL_NAMESPACE: 'from-env' } })).toMatchObject({
      address: 'from-file:7233',
      namespace: 'from-env',
    });
  });
});
