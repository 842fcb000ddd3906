import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createUuidV7, sha256, toEventId, toPublicId, toRequestId, toWorkflowId, uuidV7 } from '../../src/contracts/ids.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
const anyId = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z0-9_-]{1,140}$/));

describe('toEventId', () => {
  test('keeps a plain id as it is', () => {
    expect(toEventId('evt_1A-b')).toBe('evt_1A-b');
    expect(toEventId('a'.repeat(128))).toBe('a'.repeat(128));
  });

  test('hashes any other as x- and the base32 of its SHA-256 (RFC 4648)', () => {
    expect(toEventId('')).toBe('x-4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq');
    expect(toEventId('order.7')).toMatch(/^x-[a-z2-7]{52}$/);
    expect(toEventId('a'.repeat(129))).toMatch(/^x-[a-z2-7]{52}$/);
  });

  test('hashes an id that looks hashed, so that nobody can choose to meet another', () => {
    expect(toEventId(toEventId('order.7'))).not.toBe(toEventId('order.7'));
  });

  test('gives an id that is safe in a path and holds no dot, whatever the provider wrote', () => {
    fc.assert(fc.property(anyId, (id) => /^[A-Za-z0-9_-]{1,128}$/.test(toEventId(id))));
  });

  test('gives different ids to different events', () => {
    fc.assert(fc.property(anyId, anyId, (a, b) => Buffer.from(a).equals(Buffer.from(b)) || toEventId(a) !== toEventId(b)));
  });
});

describe('toWorkflowId', () => {
  test('names source and event, and the chain where there are several', () => {
    expect(toWorkflowId('shop', 'evt_1')).toBe('shop.evt_1');
    expect(toWorkflowId('shop', 'evt_1', 'new-order')).toBe('shop.evt_1.new-order');
  });

  test('is injective', () => {
    const parts = fc.tuple(name, anyId.map(toEventId), fc.option(name, { nil: undefined }));
    fc.assert(fc.property(parts, parts, (a, b) => JSON.stringify(a) === JSON.stringify(b) || toWorkflowId(...a) !== toWorkflowId(...b)));
  });
});

describe('toRequestId', () => {
  const start = { eventUuid: '0197', chain: 'new-order', attempt: 1, restarts: 0 };

  test('is the same for a start that is repeated, and another for each attempt, restart, chain and event', () => {
    expect(toRequestId({ ...start })).toBe(toRequestId(start));
    const others = [
      { ...start, attempt: 2 },
      { ...start, restarts: 1 },
      { ...start, chain: 'other' },
      { ...start, eventUuid: '0198' },
    ];
    expect(new Set([start, ...others].map(toRequestId)).size).toBe(5);
  });
});

describe('sha256', () => {
  test('hashes a text as its UTF-8', () => {
    expect(sha256('é').toString('hex')).toBe(sha256(Buffer.from('é', 'utf8')).toString('hex'));
    expect(sha256('').toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('uuidV7', () => {
  test('is the example of RFC 9562, appendix A.6', () => {
    const random = Buffer.from('cc3018c4dc0c0c07398f', 'hex');
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  test('has version 7, variant 10, and sorts by time', () => {
    const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
    const time = fc.integer({ min: 0, max: 2 ** 48 - 2 });
    fc.assert(
      fc.property(time, bytes, (now, random) =>
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuidV7(now, random)),
      ),
    );
    fc.assert(fc.property(time, bytes, bytes, (now, a, b) => uuidV7(now, a) < uuidV7(now + 1, b)));
  });
});

describe('createUuidV7', () => {
  test('counts within a millisecond, so that what was made later sorts later', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 200 }).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.uint8Array({ minLength: 10, maxLength: 10 }), (all, random) => {
        const clock = all.values();
        const make = createUuidV7({ now: () => clock.next().value ?? 0, random: () => random });
        const made = all.map(make);
        expect(new Set(made).size).toBe(all.length);
        expect(made.toSorted()).toEqual(made);
      }),
    );
  });

  test('makes well-formed ones, of random bits beside time and count', () => {
    const make = createUuidV7({ now: () => 0x017f22e279b0 });
    const [first, second] = [make(), make()];
    expect(first).toMatch(/^017f22e2-79b0-7000-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(second).toMatch(/^017f22e2-79b0-7001-/);
    expect(first.slice(19)).not.toBe(second.slice(19));
  });

  test('goes on where there are more of one millisecond than it can count', () => {
    const make = createUuidV7({ now: () => 1 });
    expect(new Set(Array.from({ length: 5_000 }, make)).size).toBe(5_000);
  });
});

describe('toPublicId', () => {
  test('hashes what holds a mail address, and leaves every other id alone', () => {
    expect(toPublicId('crm:ada@example.com')).toMatch(/^x-[a-z2-7]{52}$/);
    expect(toPublicId('shopify:1001')).toBe('shopify:1001');
  });
});
