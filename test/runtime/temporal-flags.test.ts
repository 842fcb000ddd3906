import { describe, expect, it } from 'vitest';

import { toTemporalFlags } from '../../src/runtime/temporal-flags.ts';

const options = { port: 7233, uiPort: 8233, databaseFile: '/data/temporal.db', namespace: 'default', timeSkipping: false, help: '' };

describe('toTemporalFlags', () => {
  it('binds loopback, keeps data in a file with a write-ahead log, and makes every search attribute a Keyword', () => {
    const flags = toTemporalFlags(options).join(' ');
    expect(flags).toContain(
      'server start-dev --ip=127.0.0.1 --port=7233 --namespace=default --ui-port=8233 --db-filename=/data/temporal.db',
    );
    expect(flags).toContain('--sqlite-pragma=journal_mode=wal --sqlite-pragma=synchronous=1');
    expect(flags).toContain('--search-attribute=HooklineSource=Keyword');
  });

  it('lifts the limits that make short chains slow', () => {
    expect(toTemporalFlags(options)).toEqual(
      expect.arrayContaining([
        '--dynamic-config-value=history.transferProcessorMaxPollRPS=2000',
        '--dynamic-config-value=history.timerProcessorMaxPollRPS=2000',
        '--dynamic-config-value=history.timerProcessorMaxTimeShift="10ms"',
        '--dynamic-config-value=matching.numTaskqueueReadPartitions=1',
      ]),
    );
  });

  it('asks nobody for news or newer versions, where the CLI can be told so', () => {
    expect(toTemporalFlags(options)).toContain('--dynamic-config-value=frontend.enableServerVersionCheck=false');
    expect(toTemporalFlags(options)).not.toContain('--ui-disable-news-fetch');
    expect(toTemporalFlags({ ...options, help: '  --ui-disable-news-fetch   Disable the Web UI newsfeed.' })).toContain(
      '--ui-disable-news-fetch',
    );
  });

  it('starts no UI when headless', () => {
    const flags = toTemporalFlags({ ...options, uiPort: null, help: '--ui-disable-news-fetch' });
    expect(flags).toContain('--headless');
    expect(flags.filter((flag) => flag.startsWith('--ui'))).toEqual([]);
  });

  it('skips time only where it is asked to', () => {
    const name = '--dynamic-config-value=frontend.WorkflowTimeSkippingEnabled=true';
    expect(toTemporalFlags(options)).not.toContain(name);
    expect(toTemporalFlags({ ...options, timeSkipping: true })).toContain(name);
  });
});
