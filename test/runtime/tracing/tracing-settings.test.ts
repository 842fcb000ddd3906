import { describe, expect, it } from 'vitest';
import { readTracingSettings } from '../../../src/runtime/tracing/tracing-settings.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('whether traces are exported', () => {
  it.each([
    ['nothing is set', {}],
    ['the endpoint is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    ['the SDK is disabled', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['the exporter is `none`', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
    ['no trace is sampled', { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'always_off' }],
    ['the ratio is 0', { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }],
  ])('no, without a word, where %s', (_case, env) => {
    expect(readTracingSettings(env)).toEqual({ on: false });
  });

  it.each([
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'expected `http/json` or `http/protobuf`, got grpc, in the environment variable `OTEL_EXPORTER_OTLP_PROTOCOL`',
    ],
    [
      { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'zipkin' },
      'expected `otlp` or `none`, got zipkin, in the environment variable `OTEL_TRACES_EXPORTER`',
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://anna:secret@collector' },
      'expected the URL of a collector, http or https, got something else, in the environment variable `OTEL_EXPORTER_OTLP_ENDPOINT`',
    ],
  ])('no, and says why: %o', (env, problem) => {
    const settings = readTracingSettings(env);
    expect(settings.on ? undefined : settings.problem?.message).toBe(`settings.wrong: ${problem}`);
  });

  it.each([
    [ENDPOINT, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:4318/in' }, 'http://traces:4318/in'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, 'http://collector:4318/v1/traces'],
  ])('%o: yes, to %s', (env, url) => {
    expect(readTracingSettings(env)).toMatchObject({ on: true, url, problems: [] });
  });
});

describe('how traces are exported', () => {
  it('has OpenTelemetry’s defaults, but for the time that a batch may take', () => {
    expect(readTracingSettings(ENDPOINT)).toMatchObject({
      timeoutMs: 2_000,
      batch: { maxQueueSize: 2_048, maxExportBatchSize: 512, scheduledDelayMillis: 5_000 },
    });
  });

  it('is read from OpenTelemetry’s variables, that of traces first', () => {
    const env = {
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_TIMEOUT: '7000',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '3000',
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    };
    expect(readTracingSettings(env)).toMatchObject({
      timeoutMs: 3_000,
      batch: { maxQueueSize: 100, maxExportBatchSize: 100, scheduledDelayMillis: 200 },
    });
  });

  it('has the default of what is wrong, and says so', () => {
    const settings = readTracingSettings({
      ...ENDPOINT,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '110%',
      OTEL_BSP_SCHEDULE_DELAY: '-1',
    });
    if (!settings.on) throw new Error('expected traces to be on');
    expect(settings.batch.scheduledDelayMillis).toBe(5_000);
    expect(settings.sampler('00000000-0000-7000-8000-000000000000')).toBe(true);
    expect(settings.problems.map(({ message }) => message)).toEqual([
      'settings.wrong: expected a number from 0 to 1, got 110%, in the environment variable `OTEL_TRACES_SAMPLER_ARG`',
      'settings.wrong: expected a whole number above 0, got -1, in the environment variable `OTEL_BSP_SCHEDULE_DELAY`',
    ]);
  });
});
