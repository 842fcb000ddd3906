import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../../src/cli/drill/create-random.ts';
import type { VendorFault } from '../../../scripts/drill/vendor-mood.ts';
import { openVendorLog } from '../../../scripts/drill/vendor-log.ts';
import { startVendors, type FakeVendor, type Vendors } from '../../../scripts/drill/vendors.ts';

// sockets and processes, on a machine that does other things
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** However slow this machine is. */
const PATIENCE_MS = 15_000;
const SILENCE_MS = 200;
const MESSAGE = 'Message-ID: <abc@example.com>\r\n\r\nHello';

let folder: string;
let vendors: Vendors;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-vendors-'));
  vendors = await startVendors({ folder, random: createRandom(1) });
});
afterEach(async () => {
  await vendors.close();
  await rm(folder, { recursive: true });
});

const become = (vendor: FakeVendor, fault: VendorFault): void => {
  Object.assign(vendors.moods[vendor], { odds: { [fault]: 1 }, slowMs: 100 });
};
const handOver = (signal = AbortSignal.timeout(PATIENCE_MS)) =>
  fetch(vendors.urls.warehouse, {
    method: 'POST',
    headers: { 'webhook-id': 'msg_abc' },
    body: JSON.stringify({ order: { id: 'shop:1' } }),
    signal,
  });
/** Aborted a moment after a vendor has done, or refused, what it was asked to: whoever says something has said it by then. */
const afterEntry = (): AbortSignal => {
  const late = new AbortController();
  const watch = async (): Promise<void> => {
    await expect.poll(() => vendors.entries(), { timeout: PATIENCE_MS }).not.toEqual([]);
    await sleep(SILENCE_MS);
    late.abort(new DOMException('', 'TimeoutError'));
  };
  watch().catch((error: unknown) => late.abort(error));
  return late.signal;
};
const outcomeOf = async (call: () => Promise<Response>): Promise<string> => {
  try {
    const { status, body } = await call();
    let bytes = 0;
    for await (const chunk of body ?? []) {
      bytes += (chunk as Uint8Array).length; // `fetch` gives bytes
      if (bytes > 1024 ** 2) return 'too much';
    }
    return String(status);
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'no answer' : 'broken';
  }
};

describe('a vendor over HTTP', () => {
  it('keeps key, subject and body hash of what it was asked to do', async () => {
    expect(await outcomeOf(() => handOver())).toBe('200');
    expect(await vendors.entries()).toEqual([
      {
        vendor: 'warehouse',
        key: 'abc',
        about: 'shop:1',
        version: null,
        bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        performed: true,
        answer: 'ok',
        atMs: expect.any(Number),
      },
    ]);
  });

  it.each<[VendorFault, string, boolean]>([
    ['rateLimited', '429', false],
    ['refused', '422', false],
    ['error', '503', false],
    ['resetBefore', 'broken', false],
    ['errorAfter', '500', true],
    ['resetAfter', 'broken', true],
    ['slow', '200', true],
    ['silent', 'no answer', true],
    ['endless', 'too much', true],
    ['dribble', 'no answer', true],
  ])('%s: answers %s, and has done it: %s', async (fault, outcome, performed) => {
    become('warehouse', fault);
    expect(await outcomeOf(() => handOver(outcome === 'no answer' ? afterEntry() : undefined))).toBe(outcome);
    expect(await vendors.entries()).toMatchObject([{ answer: fault, performed }]);
  });

  it('says when to come again, as its mood is', async () => {
    become('warehouse', 'rateLimited');
    vendors.moods.warehouse.retryAfterS = 7;
    expect((await handOver()).headers.get('retry-after')).toBe('7');
  });

  it('reads which profile is put, at which version, and which ticket a notice is about', async () => {
    await fetch(`${vendors.urls.crm}/shop%3Ac1`, { method: 'PUT', headers: { 'idempotency-key': 'k' }, body: '{"updatedAt":"2026"}' });
    const notice = { metadata: { event_payload: { ticket_id: 'shop:t1' } } };
    await fetch(vendors.urls.team, { method: 'POST', headers: { 'idempotency-key': 'n' }, body: JSON.stringify(notice) });
    expect(await vendors.entries()).toMatchObject([
      { vendor: 'crm', key: 'k', about: 'shop:c1', version: '2026' },
      { vendor: 'team', key: 'n', about: 'shop:t1', version: null },
    ]);
  });

  it('is itself again once it is healed', async () => {
    become('warehouse', 'refused');
    vendors.heal();
    expect(await outcomeOf(() => handOver())).toBe('200');
  });
});

describe('the mail server', () => {
  /** Says one mail, and resolves with the reply to the final dot; the empty text where none comes. */
  const mail = (hangUp = AbortSignal.timeout(PATIENCE_MS)): Promise<string> =>
    new Promise((resolve) => {
      const words = ['EHLO me', 'MAIL FROM:<shop@example.com>', 'RCPT TO:<ada@example.com>', 'DATA', `${MESSAGE}\r\n.`];
      let last = '';
      const socket = connect(Number(new URL(vendors.urls.mail).port), '127.0.0.1').setEncoding('utf8');
      hangUp.addEventListener('abort', () => socket.destroy());
      socket.on('error', () => {}).on('close', () => resolve(last)); // a reset is followed by a close
      // the server says one line after each of ours, and waits
      socket.on('data', (reply: string) => {
        const word = words.shift();
        if (word !== undefined) return void socket.write(`${word}\r\n`);
        last = reply.trim();
        socket.destroy();
      });
    });

  it('keeps Message-ID, recipient and body hash of a mail before it says that it has taken it', async () => {
    expect(await mail()).toBe('250 taken');
    expect(await vendors.entries()).toMatchObject([
      { vendor: 'mail', key: 'abc', about: 'ada@example.com', performed: true, answer: 'ok' },
    ]);
  });

  it.each<[VendorFault, string, boolean]>([
    ['rateLimited', '450 4.7.1 too many mails, come later', false],
    ['refused', '550 5.1.1 no such mailbox', false],
    ['error', '451 4.3.0 not now', false],
    ['resetBefore', '', false],
    ['resetAfter', '', true],
    ['silent', '', true],
    ['slow', '250 taken', true],
  ])('%s: says `%s`, and has taken it: %s', async (fault, reply, performed) => {
    become('mail', fault);
    expect(await mail(fault === 'silent' ? afterEntry() : undefined)).toBe(reply);
    expect(await vendors.entries()).toMatchObject([{ answer: fault, performed }]);
  });
});

describe("the vendors' log", () => {
  it('keeps entries in the order of the calls, across openings', async () => {
    const path = join(folder, 'log.jsonl');
    const entryOf = (key: string) =>
      ({ vendor: 'team', key, about: '', bodySha256: '', version: null, performed: true, answer: 'ok' }) as const;
    const before = await openVendorLog(path);
    await Promise.all(['a', 'b', 'c'].map((key) => before.add(entryOf(key))));
    await before.close();
    const after = await openVendorLog(path);
    await after.add(entryOf('d'));
    expect((await after.read()).map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd']);
    await after.close();
  });

  it('does not hide a line that is not whole', async () => {
    const path = join(folder, 'torn.jsonl');
    const log = await openVendorLog(path);
    await appendFile(path, '{"vendor":"te');
    await expect(log.read()).rejects.toThrow(SyntaxError);
    await log.close();
  });
});
