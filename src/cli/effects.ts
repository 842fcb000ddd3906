import { Option, type Command } from 'commander';
import { effects } from '../admin/api/effects.ts';
import type { EffectListView } from '../admin/api/views/effect-view.ts';
import { toTimeText } from '../admin/time-text.ts';
import type { EffectState } from '../store/ledger.ts';
import { addPages, addSpan, type PageOptions, type SpanOptions } from './list-options.ts';
import { noteUnknownSource } from './note-unknown-source.ts';
import { readPages } from './read-pages.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Paint } from './table.ts';
import { tellList } from './tell.ts';
import { toEffectCell } from './tones.ts';
import { withApi } from './with-api.ts';

interface EffectsOptions extends PageOptions, SpanOptions {
  readonly state?: EffectState;
  readonly action?: string;
  readonly source?: string;
  readonly text?: string;
}

const STATES: readonly EffectState[] = ['intended', 'sending', 'done', 'unknown', 'undone'];

/** `effects`: what actions have done, or may have done. */
export function addEffects(program: Command): void {
  const command = program
    .command('effects')
    .description('list what actions have done, or may have done')
    .addOption(new Option('--state <state>', 'in this state; `unknown` waits for a person').choices(STATES))
    .option('--action <name>', 'of this action, such as email.sendOrderConfirmation')
    .option('--source <name>', 'of events of this source');
  addPages(addSpan(command, 'of events received'), 'action, key or detail, or an id of the event').action(
    async (options: EffectsOptions) => {
      const { state, action, source, text, since, until } = options;
      await withApi(command, async (api) => {
        const { rows, next } = await readPages(options, {
          read: (page) => api.ask(effects.list, { query: { state, action, source, text, since, until, ...page } }),
          rowsOf: (answer) => answer.effects,
        });
        if (rows.length === 0) await noteUnknownSource(api, source);
        tellList(globalsOf(command), {
          document: { effects: rows },
          next,
          text: () => (rows.length === 0 ? 'no effects' : toEffectList(rows, createPaint(process.stdout))),
        });
      });
    },
  );
}

/** Effects of any events, one line each. */
export function toEffectList(rows: readonly EffectListView[], paint: Paint): string {
  const cells = rows.map((effect) => [
    toTimeText(effect.updatedAt),
    effect.source,
    effect.eventId,
    effect.ledger,
    effect.action,
    effect.key,
    String(effect.round),
    toEffectCell(effect),
    String(effect.sends),
    effect.detail ?? '',
  ]);
  const head = ['changed', 'source', 'event id', 'ledger', 'action', 'key', 'round', 'state', 'sends', 'detail'];
  return toTable({ head, rows: cells }, paint);
}
