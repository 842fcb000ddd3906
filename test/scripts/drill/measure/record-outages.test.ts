import { describe, expect, it } from 'vitest';
import { recordOutages, type Recordable } from '../../../../scripts/drill/measure/record-outages.ts';

/** A stack of which every call takes 10 ms of a clock that stands still else. */
function makeStack() {
  let nowMs = 0;
  const calls: string[] = [];
  const take = (what: string) => async (): Promise<void> => {
    calls.push(what);
    nowMs += 10;
  };
  const took = (what: string) => async (name: string) => take(`${what} ${name}`)();
  const given: Recordable = {
    postgres: { crash: take('crash postgres'), start: take('start postgres'), close: take('close') },
    temporal: {
      address: '127.0.0.1:1',
      crash: take('crash temporal'),
      start: take('start temporal'),
      close: take('close'),
      pause: () => void calls.push('pause temporal'),
      resume: () => void calls.push('resume temporal'),
    },
    fleet: { ports: [81, 82], kill: took('kill'), stop: took('stop'), pause: took('pause'), resume: took('resume'), start: took('start') },
    heal: take('heal'),
  };
  const pass = (ms: number): void => void (nowMs += ms);
  return { ...recordOutages(given, () => nowMs), calls, pass };
}

describe('the record of outages', () => {
  it('tells when each began, was whole, was let end, and had ended', async () => {
    const { stack, outages, pass, calls } = makeStack();
    await stack.fleet.stop('ingress-2');
    pass(100);
    await stack.fleet.start('ingress-2');
    await stack.temporal.crash();
    await stack.temporal.start();
    expect(outages).toEqual([
      { what: 'ingress', name: 'ingress-2', how: 'stop', port: 82, fromMs: 0, goneMs: 10, untilMs: 110, readyMs: 120 },
      { what: 'temporal', name: 'temporal', how: 'kill', port: null, fromMs: 120, goneMs: 130, untilMs: 130, readyMs: 140 },
    ]);
    expect(calls).toEqual(['stop ingress-2', 'start ingress-2', 'crash temporal', 'start temporal']);
  });

  it('ends with the healing of all what nobody has let come back', async () => {
    const { stack, outages } = makeStack();
    await stack.fleet.kill('worker-1');
    await stack.postgres.crash();
    await stack.heal();
    expect(outages.map(({ name, untilMs, readyMs }) => ({ name, untilMs, readyMs }))).toEqual([
      { name: 'worker-1', untilMs: 20, readyMs: 30 },
      { name: 'postgres', untilMs: 20, readyMs: 30 },
    ]);
  });

  it('knows what was stopped in its tracks', async () => {
    const { stack, outages, pass } = makeStack();
    stack.temporal.pause();
    pass(50);
    stack.temporal.resume();
    expect(outages).toMatchObject([{ name: 'temporal', how: 'pause', fromMs: 0, untilMs: 50 }]);
  });
});
