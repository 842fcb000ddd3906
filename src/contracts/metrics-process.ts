/** Rows of the metrics table: what every process says of itself. */
export const processMetrics = {
  hookline_event_loop_delay_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: ['stat'],
    of: 'all',
    means: 'How much later than asked the event loop comes round: `p50`, `p99` and `max` of the last 10 to 20 s.',
  },
  hookline_build_info: {
    kind: 'gauge',
    unit: '1',
    labels: ['version', 'node', 'role'],
    of: 'all',
    means: 'Always 1; the labels tell what runs here.',
  },
  process_cpu_seconds_total: {
    kind: 'counter',
    unit: 's',
    labels: [],
    of: 'all',
    means: 'Processor time of the process, of user and system.',
  },
  process_resident_memory_bytes: { kind: 'gauge', unit: 'bytes', labels: [], of: 'all', means: 'Memory of the process.' },
  process_heap_bytes: { kind: 'gauge', unit: 'bytes', labels: [], of: 'all', means: 'JavaScript objects in memory, garbage included.' },
  process_heap_limit_bytes: {
    kind: 'gauge',
    unit: 'bytes',
    labels: [],
    of: 'all',
    means: 'How far that may grow before Node ends the process (`--max-old-space-size`).',
  },
  process_open_fds: {
    kind: 'gauge',
    unit: 'descriptors',
    labels: [],
    of: 'all',
    means: 'Open file descriptors, connections included; on Linux only.',
  },
  process_max_fds: {
    kind: 'gauge',
    unit: 'descriptors',
    labels: [],
    of: 'all',
    means: 'How many file descriptors the process may have open, where there is a limit; on Linux only.',
  },
  process_start_time_seconds: {
    kind: 'gauge',
    unit: 's',
    labels: [],
    of: 'all',
    means: 'When the process started, in seconds since 1970.',
  },
} as const;
