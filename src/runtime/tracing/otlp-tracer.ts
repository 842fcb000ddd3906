import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
  type Resource,
} from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { Log } from '../../contracts/names.ts';
import type { Tracer } from '../../contracts/tracing.ts';
import { toConnection } from './to-connection.ts';
import { toReadableSpan } from './to-readable-span.ts';
import type { TracingSettings } from './tracing-settings.ts';
import { watchExporter } from './watch-exporter.ts';

/** A tracer with a queue of its own. */
export interface OwnedTracer extends Tracer {
  /** Sends what is still queued, for at most 2 s; later spans are dropped. Never rejects. */
  close(): Promise<void>;
}

/** What a tracer that exports is made of. */
export interface OtlpTracerOptions {
  readonly settings: Extract<TracingSettings, { readonly on: true }>;
  /** Name of the process, where `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` give none. */
  readonly service: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly now: () => Date;
  readonly newUuid: () => string;
  /** @default random hex digits */
  readonly newSpanId?: () => string;
}

const CLOSE_MS = 2_000;

/**
 * Exports spans to an OTLP collector over HTTP, in batches, in the background. What waits is bounded and a collector that is slow or gone
 * costs spans, never anything else. The only file beside those that it imports which loads anything of OpenTelemetry.
 */
export function createOtlpTracer({
  settings,
  service,
  env,
  log,
  now,
  newUuid,
  newSpanId = () => randomBytes(8).toString('hex'),
}: OtlpTracerOptions): OwnedTracer {
  const { url, timeoutMs, sampler, batch } = settings;
  const httpAgentOptions = toConnection(env, timeoutMs);
  const exporter = watchExporter(new OTLPTraceExporter({ url, timeoutMillis: timeoutMs, httpAgentOptions }), { log, now });
  const processor = new BatchSpanProcessor({ exporter, ...batch });
  const origin = { resource: toResource(service, newUuid()), newSpanId };
  let recorded = 0;
  let closed = false;

  return {
    isOn: true,
    takes: sampler,
    record(span) {
      if (closed || !sampler(span.trace)) return;
      if (recorded - exporter.handed() >= batch.maxQueueSize) return exporter.drop();
      try {
        processor.onEnd(toReadableSpan(span, origin));
        recorded += 1;
      } catch (error) {
        log.error({ component: 'tracing', code: 'bug.unexpected', err: error }, 'span not recorded');
      }
    },
    async close() {
      closed = true;
      const enough = new AbortController();
      const sent = processor.shutdown().catch(() => undefined); // the exporter's failures are logged where they are counted
      await Promise.race([sent, setTimeout(CLOSE_MS, undefined, { signal: enough.signal }).catch(() => undefined)]);
      enough.abort();
      exporter.tell();
    },
  };
}

/** What the environment says of the process goes before what we say. */
function toResource(service: string, instance: string): Resource {
  const detected = detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] });
  return resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance, 'process.pid': process.pid }).merge(detected);
}
