import type { Command } from 'commander';
import type { z } from 'zod';
import { replays } from '../../admin/api/replays.ts';
import { toPrintable } from '../../admin/printable.ts';
import type { ApiClient } from '../api/api-client.ts';
import { askYes } from '../ask-yes.ts';
import { toEffectTable, toRunTable } from '../event-screen.ts';
import { findEvent } from '../find-event.ts';
import { EXIT, type ExitCode } from '../report.ts';
import { globalsOf } from '../settings.ts';
import { createPaint, type Paint } from '../table.ts';
import { tell } from '../tell.ts';

type Replayed = z.output<typeof replays.one.reply>;

/** Which event, and how. */
export interface ReplayOneWish {
  readonly text: string;
  readonly source?: string;
  readonly chain?: string;
  readonly again?: true;
  readonly yes?: true;
}

const SAID: Readonly<Record<Replayed['did'], string>> = {
  repaired: 'starts again; what is done stays done',
  repeated: 'starts again, with all of its effects',
  routed: 'is routed, and starts',
  nothing: 'nothing to do',
};

/** Repairs one event, and says what was done; 0 where something starts. */
export async function replayOne(api: ApiClient, wish: ReplayOneWish, command: Command): Promise<ExitCode> {
  const { uuid, eventId, source } = await findEvent(api, wish);
  const again = wish.again === true ? await toAgain(api, uuid, wish) : undefined;
  const replayed: Replayed =
    again === 'not confirmed'
      ? { event: { uuid, eventId, source }, did: 'nothing', reason: again, runs: [] }
      : await api.ask(replays.one, { params: { uuid }, body: { chain: wish.chain, ...again } });
  tell(globalsOf(command), { document: replayed, text: () => toReplayScreen(replayed, createPaint(process.stdout)) });
  return replayed.did === 'nothing' ? EXIT.failed : EXIT.ok;
}

/** What was done, or why nothing, and the runs. */
export function toReplayScreen({ event, did, reason, note, runs }: Replayed, paint: Paint): string {
  const why = [reason, note].flatMap((text) => (text === undefined ? [] : [`: ${text}`])).join('');
  const said = toPrintable(`${event.source} ${event.eventId}: ${SAID[did]}${why}`);
  return [said, ...(runs.length === 0 ? [] : [toRunTable(runs, paint)])].join('\n');
}

/** Shows what would happen once more, and asks the person at the terminal; what the person saw is what may be done. */
async function toAgain(
  api: ApiClient,
  uuid: string,
  { chain, yes }: ReplayOneWish,
): Promise<{ readonly again: true; readonly expect: string } | 'not confirmed'> {
  const { effects, expect } = await api.ask(replays.preview, { params: { uuid }, query: { again: 'true', chain } });
  if (expect === null) return { again: true, expect: '' }; // nothing is done, and the replay says why
  if (yes === true) return { again: true, expect };
  const table = toEffectTable(effects, createPaint(process.stderr));
  const what = effects.length === 0 ? 'No effect would be repeated.' : `These would happen once more:\n${table}`;
  return (await askYes({ what, instead: '`--again` alone' })) ? { again: true, expect } : 'not confirmed';
}
