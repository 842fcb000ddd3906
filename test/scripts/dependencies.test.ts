import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

describe('dependencies', () => {
  test('the packages of Temporal share one protobufjs: with several, recorded histories cannot be read ("type must be a Type")', async () => {
    const { packages } = (await readJson('package-lock.json')) as { readonly packages: Readonly<Record<string, unknown>> }; // npm's own form
    const copies = Object.keys(packages).filter((path) => path.endsWith('node_modules/protobufjs'));
    // gRPC reads .proto files with a copy of its own, which never meets a history
    expect(copies.filter((path) => !path.startsWith('node_modules/@grpc/'))).toEqual(['node_modules/protobufjs']);
  });

  test('every version is one version', async () => {
    const { dependencies, devDependencies } = (await readJson('package.json')) as Manifest; // npm checks its form
    expect(
      Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[a-z0-9.]+)?$/.test(version)),
    ).toEqual([]);
  });

  test("all of Temporal's packages are of one version", async () => {
    const { dependencies } = (await readJson('package.json')) as Manifest; // npm checks its form
    const versions = Object.entries(dependencies)
      .filter(([name]) => name.startsWith('@temporalio/'))
      .map(([, version]) => version);
    expect(new Set(versions).size).toBe(1);
  });
});

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(ROOT, file), 'utf8'));
}
