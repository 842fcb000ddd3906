import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEventId, toWorkflowId } from '../../src/contracts/ids.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { ORDER, generic, interpret, only } from '../suites/interpreting.ts';

describe('ids', () => {
  it.each([
    ['5,000 characters', 'i'.repeat(5_000)],
    ['dots, slashes and spaces', 'a.b/c d'],
    ['U+0000', 'a\0b'],
    ['a lone surrogate', 'a\ud800b'],
    ['an emoji cut in two', `${'i'.repeat(511)}😀`],
  ])('with %s are stored whole enough to be found, and safe in a workflow id', (_name, id) => {
    const event = only(interpret({ event_id: id, event_type: 'order.created', data: ORDER }));
    expect(event.eventId).toMatch(/^x-[a-z2-7]{52}$/);
    expect(event.routes[0]?.workflowId).toBe(`acme.${event.eventId}`);
    expect(event.providerId.length).toBeLessThanOrEqual(512);
    expect(event.providerId).not.toMatch(/\0|\p{Surrogate}/u);
    expect(event.providerId.slice(0, 1)).toBe(id.slice(0, 1));
  });

  it('are the hash of the body where the source says so', () => {
    const source: Source = { ...generic, options: { id: 'bodyHash', type: { value: 'order.created' } } };
    const [first, same, other] = [ORDER, ORDER, { ...ORDER, order_id: 'A2' }].map((body) => only(interpret(body, { source })));
    expect(first?.providerId).toMatch(/^[0-9a-f]{64}$/);
    expect(same).toEqual(first);
    expect(other?.eventId).not.toBe(first?.eventId);
  });

  it('give workflow ids of safe characters, different for different events', () => {
    const source = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?$/);
    const id = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('a', 'a.b', 'a.', '.a', 'A', 'a b', 'x'.repeat(128), 'x'.repeat(129)),
    );
    const key = fc.tuple(source, id, fc.option(source, { nil: undefined }));
    fc.assert(
      fc.property(key, key, ([source1, id1, chain1], [source2, id2, chain2]) => {
        const one = toWorkflowId(source1, toEventId(id1), chain1);
        const two = toWorkflowId(source2, toEventId(id2), chain2);
        expect(one).toMatch(/^[A-Za-z0-9_.-]{1,260}$/);
        const same = source1 === source2 && wellFormed(id1) === wellFormed(id2) && chain1 === chain2;
        expect(one === two).toBe(same);
      }),
      { numRuns: 500 },
    );
  });
});

function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
