import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../src/runtime/free-port.ts';
import type { Log, LogFields } from '../../../src/contracts/names.ts';
import type { Span } from '../../../src/contracts/tracing.ts';
import { createTracer } from '../../../src/runtime/tracing/create-tracer.ts';
import { createCertificates } from '../../support/certificates.ts';
import { startOtlpCollector, type OtlpCollector } from '../../support/otlp-collector.ts';

const ROOT = join(import.meta.dirname, '../../..');
let collector: OtlpCollector;
let lines: { readonly level: string; readonly fields: LogFields; readonly message: string }[];

beforeEach(async () => {
  lines = [];
  collector = await startOtlpCollector();
});
afterEach(() => collector.close());

const write = (level: string) => (fields: LogFields, message: string) => void lines.push({ level, fields, message });
const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
const start = (env: Readonly<Record<string, string>> = {}) =>
  createTracer({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '20', ...env },
    service: 'hookline-ingress',
    log,
    now: () => new Date(),
    newUuid: randomUUID,
  });
const span = (name: string): Span => ({ trace: randomUUID(), name, startMs: 1_000, endMs: 2_000, fields: { source: 'shop' } });
const messages = (): readonly string[] => lines.map(({ level, message }) => `${level}: ${message}`);

describe('a tracer', () => {
  it('posts its spans to the collector, with the name of the process, and ends with nothing unsent', async () => {
    const tracer = await start();
    const first = span('first');
    tracer.record(first);
    await expect.poll(() => collector.spans.length).toBe(1);
    tracer.record(span('second'));
    await tracer.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(collector.spans[0]).toMatchObject({
      traceId: first.trace.replaceAll('-', ''),
      startMs: 1_000,
      endMs: 2_000,
      attributes: { 'hookline.source': 'shop' },
      resource: { 'service.name': 'hookline-ingress', 'process.pid': process.pid },
    });
    expect(collector.requests[0]?.path).toBe('/v1/traces');
    expect(messages()).toEqual(['info: traces are exported']);
    expect(lines[0]?.fields.url).toBe(collector.url);
  });

  it('trusts a collector by the certificate that it is told to, and no other', async () => {
    const certificates = await createCertificates();
    const secure = await startOtlpCollector(await certificates.make());
    try {
      const trusting = await start({
        OTEL_EXPORTER_OTLP_ENDPOINT: secure.url,
        OTEL_EXPORTER_OTLP_CERTIFICATE: `${certificates.folder}/cert-1.pem`,
      });
      trusting.record(span('trusted'));
      await trusting.close();
      const careful = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: secure.url });
      careful.record(span('not trusted'));
      await careful.close();
      expect(secure.spans.map(({ name }) => name)).toEqual(['trusted']);
      expect(messages().slice(2)).toEqual(['warn: the collector takes no spans', 'warn: spans were not delivered']);
    } finally {
      await secure.close();
      await certificates.close();
    }
  });

  it('takes nothing after its end', async () => {
    const tracer = await start();
    await tracer.close();
    tracer.record(span('late'));
    await tracer.close();
    expect(collector.bodies).toEqual([]);
  });

  it('posts only traces that are sampled', async () => {
    const tracer = await start({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' });
    const kept = { ...span('kept'), trace: '01a20c4b-9122-7c39-80ff-000000000000' };
    tracer.record(kept);
    tracer.record({ ...kept, name: 'left', trace: '01a20c4b-9122-7c39-8000-000000000000' });
    await tracer.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(['kept']);
  });

  it('says once that a collector takes nothing, and once that it takes spans again', async () => {
    collector.answer(400);
    const tracer = await start();
    for (const requests of [1, 2, 3]) {
      tracer.record(span('lost'));
      await expect.poll(() => collector.requests.length).toBe(requests);
    }
    collector.answer(200);
    await expect
      .poll(() => {
        tracer.record(span('taken'));
        return collector.spans.length;
      })
      .toBeGreaterThan(0);
    await tracer.close();
    expect(messages()).toEqual([
      'info: traces are exported',
      'warn: the collector takes no spans',
      'info: the collector takes spans again; those of the time between are lost',
    ]);
    expect(lines[2]?.fields.count).toBe(3);
  });

  it('ends within 2 s where nobody listens', async () => {
    const tracer = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` });
    tracer.record(span('lost'));
    const startedAt = performance.now();
    await tracer.close();
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(messages()).toEqual(['info: traces are exported', 'warn: the collector takes no spans', 'warn: spans were not delivered']);
  });

  it('ends within 2 s where a collector never answers', async () => {
    collector.answer('hang');
    const tracer = await start();
    tracer.record(span('lost'));
    const startedAt = performance.now();
    await tracer.close();
    expect(performance.now() - startedAt).toBeLessThan(2_500);
  });

  it('drops what its queue has no room for, and says how much', async () => {
    collector.answer('hang');
    const tracer = await start({ OTEL_BSP_MAX_QUEUE_SIZE: '2', OTEL_EXPORTER_OTLP_TIMEOUT: '200' });
    for (let at = 0; at < 7; at += 1) tracer.record(span(`span ${at}`));
    await tracer.close();
    const dropped = lines.filter(({ message }) => message === 'spans were dropped: their queue was full').map(({ fields }) => fields.count);
    const lost = lines.filter(({ message }) => message === 'spans were not delivered').map(({ fields }) => fields.count);
    expect([...dropped, ...lost].reduce((sum: number, count) => sum + Number(count), 0)).toBe(7);
    expect(dropped.length).toBe(2);
  });
});

describe('without an exporter', () => {
  it('is off without a word', async () => {
    const tracer = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    tracer.record(span('nowhere'));
    await tracer.close();
    expect([tracer.isOn, tracer.takes(randomUUID()), lines]).toEqual([false, false, []]);
  });

  it('is off, and says why, where a file is missing that it was told to use', async () => {
    const tracer = await start({ OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' });
    expect([tracer.isOn, messages()]).toEqual([false, ['error: traces are off']]);
  });

  it('is off, and says why, where it is to speak what it cannot', async () => {
    const tracer = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    expect([tracer.isOn, messages()]).toEqual([false, ['warn: traces are off']]);
  });

  it.each([
    ['off', '', 0],
    ['on', 'http://127.0.0.1:9', 1],
  ])('an ingress that has it %s loads %s, as often, of OpenTelemetry’s packages', async (_case, endpoint, loaded) => {
    const script = `
      import { registerHooks } from 'node:module';
      const seen = [];
      registerHooks({ load(url, context, next) {
        if (url.includes('/@opentelemetry/sdk-trace/dist/index')) seen.push(url);
        return next(url, context);
      } });
      await import('./src/cli/run-ingress.ts');
      const { createTracer } = await import('./src/runtime/tracing/create-tracer.ts');
      const quiet = () => {};
      const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
      await createTracer({ env: process.env, service: 'x', log, now: () => new Date(), newUuid: () => 'x' });
      console.log(seen.length);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: ROOT,
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    });
    expect(Number(stdout)).toBe(loaded);
  });
});
