import type { DrillFleet, ProcessName } from '../drill-fleet.ts';
import type { Outage } from '../facts.ts';
import type { DrillStack } from '../start-stack.ts';

/** A stack that writes down what is taken away from it, and when it is back. */
export interface RecordedStack<Stack> {
  readonly stack: Stack;
  readonly outages: readonly Outage[];
}

/** What of a stack is recorded. */
export type Recordable = Pick<DrillStack, 'postgres' | 'temporal' | 'heal'> & {
  readonly fleet: Pick<DrillFleet, 'kill' | 'stop' | 'pause' | 'resume' | 'start' | 'ports'>;
};

type Draft = { -readonly [Key in keyof Outage]: Outage[Key] };

/** Makes a stack like the given one, of which each outage is written down: when it began, was whole, was to end, and had ended. */
export function recordOutages<Stack extends Recordable>(given: Stack, now: () => number): RecordedStack<Stack> {
  const outages: Draft[] = [];
  const takeAway = async (outage: Pick<Outage, 'what' | 'name' | 'how' | 'port'>, act: () => Promise<void>): Promise<void> => {
    const draft: Draft = { ...outage, fromMs: now(), goneMs: null, untilMs: null, readyMs: null };
    outages.push(draft);
    await act();
    draft.goneMs = now();
  };
  const bringBack = async (isMeant: (outage: Outage) => boolean, act: () => Promise<void>): Promise<void> => {
    const away = outages.filter((outage) => outage.readyMs === null && isMeant(outage));
    for (const outage of away) outage.untilMs ??= now();
    await act();
    for (const outage of away) outage.readyMs = now();
  };
  const back = (name: string, act: () => Promise<void>): Promise<void> => bringBack((outage) => outage.name === name, act);
  const ofServer = (what: 'postgres' | 'temporal') => ({ what, name: what, port: null }) as const;
  const { fleet, postgres, temporal } = given;
  const ended = (name: ProcessName, how: Outage['how']): Promise<void> => {
    const place = name === 'ingress-1' ? 0 : name === 'ingress-2' ? 1 : undefined;
    const port = place === undefined ? null : (fleet.ports[place] ?? null);
    return takeAway({ what: port === null ? 'worker' : 'ingress', name, how, port }, () => fleet[how](name));
  };
  const stack: Stack = {
    ...given,
    postgres: {
      ...postgres,
      crash: () => takeAway({ ...ofServer('postgres'), how: 'kill' }, postgres.crash),
      start: () => back('postgres', postgres.start),
    },
    temporal: {
      ...temporal,
      crash: () => takeAway({ ...ofServer('temporal'), how: 'kill' }, temporal.crash),
      start: () => back('temporal', temporal.start),
      pause: () => void takeAway({ ...ofServer('temporal'), how: 'pause' }, async () => temporal.pause()),
      resume: () => void back('temporal', async () => temporal.resume()),
    },
    fleet: {
      ...fleet,
      kill: (name: ProcessName) => ended(name, 'kill'),
      stop: (name: ProcessName) => ended(name, 'stop'),
      pause: (name: ProcessName) => ended(name, 'pause'),
      start: (name: ProcessName) => back(name, () => fleet.start(name)),
      resume: (name: ProcessName) => back(name, () => fleet.resume(name)),
    },
    heal: () =>
      bringBack(
        () => true,
        () => given.heal(),
      ),
  };
  return { stack, outages };
}
