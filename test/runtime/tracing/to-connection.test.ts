import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toConnection } from '../../../src/runtime/tracing/to-connection.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-connection-'));
  for (const name of ['ca', 'cert', 'key', 'traces-ca']) writeFileSync(join(folder, name), name);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('needs no certificate', () => {
  expect(toConnection({}, 2_000)).toEqual({ keepAlive: true, timeout: 2_000 });
});

it('has the certificates that OpenTelemetry’s variables name, those of traces first', () => {
  const env = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: join(folder, 'ca'),
    OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: join(folder, 'traces-ca'),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: join(folder, 'cert'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: join(folder, 'key'),
  };
  expect(toConnection(env, 2_000)).toMatchObject({ ca: Buffer.from('traces-ca'), cert: Buffer.from('cert'), key: Buffer.from('key') });
});

it('does without no file that was named', () => {
  expect(() => toConnection({ OTEL_EXPORTER_OTLP_CERTIFICATE: join(folder, 'gone') }, 2_000)).toThrow('ENOENT');
});
