import type { BeforeStep, IoCall, IoGate, Mode, Role } from './io-call.ts';
import type { RecordedCall, TortureCase } from './io-site.ts';

/** The gate of one rig: all I/O of its processes goes through it, and one event lives at a time. */
export interface TortureGate extends IoGate {
  /** A life begins; with a case, that call goes wrong in that way, once. */
  begin(life: { readonly eventId: string; readonly fault?: TortureCase | undefined }): void;
  /** Whether the call of the case has been met. */
  isHit(): boolean;
  /** What was called since `begin`, in order. */
  calls(): readonly RecordedCall[];
}

interface Tracked {
  readonly call: IoCall;
  readonly life: Life;
  readonly inRequest: boolean;
  inReply: boolean;
  readonly whileIdle: boolean;
}

interface Life {
  /** The event's id, and every UUID that its insert holds. */
  readonly marks: string[];
  readonly fault: TortureCase | undefined;
  readonly tracked: Tracked[];
  /** Whether a call that names the event has been replied to: before that, what names nothing is not the event's. */
  woken: boolean;
  /** Calls that may be the one that is meant. */
  counted: number;
  hit: boolean;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Makes a gate that passes everything until a life with a case begins; `kill` ends a process, and has it started again. */
export function createGate({ kill }: { readonly kill: (role: Role) => Promise<void> }): TortureGate {
  let life: Life | undefined;
  const tracked = new WeakMap<IoCall, Tracked>();
  const idle = new Set<string>();

  const strike = async ({ role }: IoCall, mode: Mode): Promise<Exclude<BeforeStep, 'pass'>> => {
    if (mode === 'refused') return 'refuse';
    if (mode === 'cutBefore' || mode === 'cutAfter') return 'cut';
    if (mode === 'hangBefore' || mode === 'hangAfter') return 'hang';
    await kill(role);
    return 'cut';
  };

  return {
    begin({ eventId, fault }) {
      life = { marks: [eventId], fault, tracked: [], woken: false, counted: 0, hit: false };
    },
    isHit: () => life?.hit ?? false,
    calls: () => life?.tracked ?? [],
    async before(call) {
      if (life === undefined) {
        idle.add(toKind(call));
        return 'pass';
      }
      const current = life;
      const text = call.request.toString('latin1');
      const one: Tracked = { call, life: current, inRequest: names(current, text), inReply: false, whileIdle: idle.has(toKind(call)) };
      tracked.set(call, one);
      current.tracked.push(one);
      if (one.inRequest && call.name.startsWith('inbox.insert')) current.marks.push(...(text.match(UUID) ?? []));
      if (!isMeant(current, one, 'before') || current.fault === undefined) return 'pass';
      current.hit = true;
      return strike(call, current.fault.mode);
    },
    async after(call, reply) {
      if (life === undefined) return 'pass';
      const current = life;
      const known = tracked.get(call);
      const inReply = names(current, reply.toString('latin1'));
      // a poll that was waiting before this life began is part of it once its task is
      if (known?.life !== current && !inReply) return 'pass';
      const one: Tracked = known?.life === current ? known : { call, life: current, inRequest: false, inReply, whileIdle: true };
      if (one !== known) current.tracked.push(one);
      one.inReply = inReply;
      const meant = isMeant(current, one, 'after');
      current.woken ||= one.inRequest || one.inReply;
      if (!meant || current.fault === undefined) return 'pass';
      current.hit = true;
      const step = await strike(call, current.fault.mode);
      return step === 'refuse' ? 'pass' : step;
    },
  };
}

function toKind({ role, name }: IoCall): string {
  return `${role} ${name}`;
}

function names({ marks }: Life, text: string): boolean {
  return marks.some((mark) => text.includes(mark));
}

/** Counts the call where it may be the one of the case, and tells whether it is. */
function isMeant(life: Life, { call, inRequest, inReply }: Tracked, when: 'before' | 'after'): boolean {
  const { fault } = life;
  if (fault === undefined || life.hit || call.role !== fault.site.role || call.name !== fault.site.name) return false;
  if (when !== (fault.mode.endsWith('After') ? 'after' : 'before')) return false;
  const mayBe = fault.site.seenBy === 'request' ? inRequest : fault.site.seenBy === 'reply' && when === 'after' ? inReply : life.woken;
  if (mayBe) life.counted += 1;
  return mayBe && life.counted === fault.site.nth;
}
