import { codeOf, HooklineError } from '../contracts/errors.ts';
import type { Source } from '../contracts/webhook.ts';
import type { HeldReading, ReadHeld } from '../store/held-events.ts';
import type { Interpret } from './interpret.ts';
import { reinterpret } from './reinterpret.ts';

/** What held events are read anew with. */
export interface ReadHeldDependencies {
  /** As the settings have them now. */
  readonly sources: readonly Source[];
  /** Worth giving where many are read. @default that of the catalogues */
  readonly interpret?: Interpret | undefined;
  readonly now: () => Date;
  /** Told what was thrown; such an event is quarantined as `bug.unexpected`. */
  readonly onThrown: (eventUuid: string, error: unknown) => void;
}

/** Reads held events from their stored bytes, with the code and the settings of now, or says why that cannot be done. Never throws. */
export function createReadHeld({ sources, interpret, now, onThrown }: ReadHeldDependencies): ReadHeld {
  const byName = new Map(sources.map((source) => [source.name, source]));
  return (event) => {
    const source = byName.get(event.source);
    if (source === undefined) return refuse('source.unknown', `the settings no longer have the source \`${event.source}\``);
    if (event.body === null) return refuse('event.bodyGone', 'released after its body had gone');
    try {
      const read = reinterpret({ event, delivery: event, body: event.body, source, now: now(), interpret });
      return read.ok ? read : refuse(read.code, read.detail);
    } catch (error) {
      onThrown(event.uuid, error);
      return refuse(codeOf(error), error instanceof HooklineError ? error.message : 'it could not be read');
    }
  };
}

function refuse(code: Extract<HeldReading, { readonly ok: false }>['code'], detail: string): HeldReading {
  return { ok: false, code, detail };
}
