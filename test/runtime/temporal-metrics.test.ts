import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createTemporalMetrics, type TemporalMetrics } from '../../src/runtime/temporal-metrics.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** Metrics whose exporter is this. */
async function metricsFrom(listener: RequestListener): Promise<TemporalMetrics> {
  const metrics = await createTemporalMetrics();
  const { hostname, port } = new URL(`http://${metrics.bindAddress}`);
  const server = createServer(listener).listen(Number(port), hostname);
  await once(server, 'listening');
  open.push({
    close() {
      server.close();
      server.closeAllConnections();
    },
  });
  return metrics;
}

describe('createTemporalMetrics', () => {
  test('names a port of loopback', async () => {
    expect((await createTemporalMetrics()).bindAddress).toMatch(/^127\.0\.0\.1:\d{4,5}$/);
  });

  test('gives what the exporter says at /metrics', async () => {
    const text = `# HELP temporal_request_total Count of client request successes by rpc name
# TYPE temporal_request_total counter
temporal_request_total{operation="GetSystemInfo"} 1
# HELP temporal_sticky_cache_size Current number of cached workflows
# TYPE temporal_sticky_cache_size gauge
temporal_sticky_cache_size 0
`;
    const metrics = await metricsFrom((request, response) => response.end(request.url === '/metrics' ? text : ''));
    expect(await metrics.read()).toBe(text);
  });

  test('passes on nothing that could be a metric of ours, and ends the last line', async () => {
    const metrics = await metricsFrom((_request, response) =>
      response.end('# TYPE hookline_runs gauge\nhookline_runs 3\n\n# EOF\n<html>\ntemporal_num_pollers{poller_type="x"} 2'),
    );
    expect(await metrics.read()).toBe('temporal_num_pollers{poller_type="x"} 2\n');
  });

  test('gives nothing where no exporter was started', async () => {
    expect(await (await createTemporalMetrics()).read()).toBe('');
  });

  test('gives nothing of an exporter that fails', async () => {
    const metrics = await metricsFrom((_request, response) => response.writeHead(500).end('temporal_request_total 1\n'));
    expect(await metrics.read()).toBe('');
  });

  test('gives nothing of an answer that breaks off', async () => {
    const metrics = await metricsFrom((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('temporal_request_total 1\n', () => response.destroy());
    });
    expect(await metrics.read()).toBe('');
  });

  test('waits a second for an exporter that does not come to its end, and no longer', async () => {
    const metrics = await metricsFrom((_request, response) => void response.write('temporal_request_total 1\n'));
    const startedAt = performance.now();
    expect(await metrics.read()).toBe('');
    const waitedMs = performance.now() - startedAt;
    expect(waitedMs).toBeGreaterThan(900);
    expect(waitedMs).toBeLessThan(3_000);
  });
});
