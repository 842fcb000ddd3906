import { Client } from 'undici';

/** Some hundred series are 100 kB. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The text of the exporter of Temporal's SDK, whole, which this very process has at a port of loopback; rejects where it cannot be had in time. */
export async function fetchTemporalMetrics(port: number, { deadlineMs }: { readonly deadlineMs: number }): Promise<string> {
  // a connection for this call alone: one that is kept would outlive the SDK
  const client = new Client(`http://127.0.0.1:${port}`, { maxResponseSize: MAX_BYTES });
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path: '/metrics', signal: AbortSignal.timeout(deadlineMs) });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`answered ${statusCode}`);
    return text;
  } finally {
    await client.destroy();
  }
}
