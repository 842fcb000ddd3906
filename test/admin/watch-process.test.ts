import { open } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { createMeter, type ReadableMeter } from '../../src/admin/meter.ts';
import { watchProcess } from '../../src/admin/watch-process.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function watched(): ReadableMeter {
  const meter = createMeter('worker');
  closers.push(watchProcess({ meter, version: '1.2.3', role: 'worker' }).close);
  return meter;
}
const valueOf = (meter: ReadableMeter, name: string): number =>
  Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(meter.toText())?.[1]);

describe('watchProcess', () => {
  test('tells what runs here', () => {
    expect(watched().toText()).toContain(`\nhookline_build_info{version="1.2.3",node="${process.versions.node}",role="worker"} 1\n`);
  });

  test('shows heap within its limit, memory, processor and start', () => {
    const meter = watched();
    const heap = valueOf(meter, 'process_heap_bytes');
    expect(heap).toBeGreaterThan(1_000_000);
    expect(valueOf(meter, 'process_heap_limit_bytes')).toBeGreaterThan(heap);
    expect(valueOf(meter, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(valueOf(meter, 'process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(Math.abs(valueOf(meter, 'process_start_time_seconds') + process.uptime() - Date.now() / 1000)).toBeLessThan(60);
  });

  test.runIf(existsSync('/proc/self/fd'))('counts open files, without the one that counts them', async () => {
    const meter = watched();
    const files = await Promise.all(Array.from({ length: 50 }, () => open('/dev/null')));
    const withFiles = valueOf(meter, 'process_open_fds');
    await Promise.all(files.map((file) => file.close()));
    const difference = withFiles - valueOf(meter, 'process_open_fds');
    expect(Math.abs(difference - 50)).toBeLessThan(10); // other tests share the process
    expect(valueOf(meter, 'process_max_fds')).toBeGreaterThan(withFiles);
  });

  test('shows how late the event loop comes', async () => {
    const meter = watched();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const until = performance.now() + 120;
    while (performance.now() < until); // keeps it from coming round
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(Number(/_delay_seconds\{stat="max"\} (\S+)/.exec(meter.toText())?.[1])).toBeGreaterThan(0.08);
  });
});
