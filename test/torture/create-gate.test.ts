import { describe, expect, it } from 'vitest';
import { createGate } from '../../scripts/torture/create-gate.ts';
import { MODES, type IoCall, type Mode, type Role } from '../../scripts/torture/io-call.ts';
import type { IoSite } from '../../scripts/torture/io-site.ts';

const EVENT = 'rig1-order-7';
const NOTHING = Buffer.alloc(0);
const callOf = (name: string, request = ''): IoCall => ({ role: 'worker', name, group: name, request: Buffer.from(request), modes: MODES });
const siteOf = (name: string, seenBy: IoSite['seenBy'], nth = 1): IoSite => ({ role: 'worker', name, nth, seenBy, modes: MODES });

const createKilled = () => {
  const killed: Role[] = [];
  return { killed, gate: createGate({ kill: async (role) => void killed.push(role) }) };
};

describe('the gate of a rig', () => {
  it.each<[Mode, string, string]>([
    ['refused', 'refuse', 'none'],
    ['cutBefore', 'cut', 'none'],
    ['hangBefore', 'hang', 'none'],
    ['killBefore', 'cut', 'none'],
    ['cutAfter', 'pass', 'cut'],
    ['hangAfter', 'pass', 'hang'],
    ['killAfter', 'pass', 'cut'],
  ])('has a call go wrong by %s, once', async (mode, before, after) => {
    const { gate, killed } = createKilled();
    gate.begin({ eventId: EVENT, fault: { site: siteOf('ledger.claim', 'request'), mode } });
    const call = callOf('ledger.claim', EVENT);
    expect(await gate.before(call)).toBe(before);
    if (after !== 'none') expect(await gate.after(call, NOTHING)).toBe(after);
    expect(gate.isHit()).toBe(true);
    expect(killed).toEqual(mode.startsWith('kill') ? ['worker'] : []);
    const again = callOf('ledger.claim', EVENT);
    expect([await gate.before(again), await gate.after(again, NOTHING)]).toEqual(['pass', 'pass']);
  });

  it('means the call that is counted, of the same role and name, about the event', async () => {
    const { gate } = createKilled();
    gate.begin({ eventId: EVENT, fault: { site: siteOf('ledger.claim', 'request', 2), mode: 'cutBefore' } });
    const steps: string[] = [];
    for (const call of [
      callOf('ledger.claim', 'another'),
      callOf('ledger.claim', EVENT),
      callOf('ledger.settle', EVENT),
      { ...callOf('ledger.claim', EVENT), role: 'ingress' as const },
      callOf('ledger.claim', EVENT),
    ])
      steps.push(await gate.before(call));
    expect(steps).toEqual(['pass', 'pass', 'pass', 'pass', 'cut']);
  });

  it('knows the event by the UUID that it is stored under as well', async () => {
    const { gate } = createKilled();
    const uuid = '01990000-0000-7000-8000-000000000001';
    gate.begin({ eventId: EVENT, fault: { site: siteOf('ledger.claim', 'request'), mode: 'cutBefore' } });
    await gate.before(callOf('inbox.insert', `${EVENT} ${uuid}`));
    expect(await gate.before(callOf('ledger.claim', uuid))).toBe('cut');
  });

  it('takes a call that names nothing for the event’s only once one that names it has been answered', async () => {
    const { gate } = createKilled();
    gate.begin({ eventId: EVENT, fault: { site: siteOf('BEGIN', 'group'), mode: 'cutBefore' } });
    expect(await gate.before(callOf('BEGIN'))).toBe('pass');
    const claim = callOf('runs.claim');
    await gate.before(claim);
    await gate.after(claim, Buffer.from(EVENT));
    expect(await gate.before(callOf('BEGIN'))).toBe('cut');
  });

  it('takes a poll that was waiting before the event came for the event’s once it brings its task', async () => {
    const { gate } = createKilled();
    const poll = callOf('PollWorkflowTaskQueue');
    await gate.before(poll);
    gate.begin({ eventId: EVENT, fault: { site: siteOf('PollWorkflowTaskQueue', 'reply'), mode: 'cutAfter' } });
    expect(await gate.after(callOf('PollWorkflowTaskQueue'), NOTHING)).toBe('pass');
    expect(await gate.after(poll, Buffer.from(EVENT))).toBe('cut');
  });

  it('tells of each call whether its kind comes without an event as well', async () => {
    const { gate } = createKilled();
    await gate.before(callOf('switches.list'));
    gate.begin({ eventId: EVENT });
    await gate.before(callOf('switches.list'));
    await gate.before(callOf('stops.find'));
    expect(gate.calls().map(({ call, whileIdle }) => [call.name, whileIdle])).toEqual([
      ['switches.list', true],
      ['stops.find', false],
    ]);
  });

  it('leaves the calls of an earlier life alone', async () => {
    const { gate } = createKilled();
    const late = callOf('ledger.settle', 'rig1-order-6');
    gate.begin({ eventId: 'rig1-order-6' });
    await gate.before(late);
    gate.begin({ eventId: EVENT, fault: { site: siteOf('ledger.settle', 'request'), mode: 'cutAfter' } });
    expect(await gate.after(late, NOTHING)).toBe('pass');
  });
});
