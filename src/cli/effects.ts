import { Option, type Command } from 'commander';
import type { EffectSummary } from '../store/effects.ts';
import type { EffectState } from '../store/ledger.ts';
import { parseCount } from './counts.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { toTimeText } from './times.ts';
import { toStateCell } from './tones.ts';
import { withStore } from './with-store.ts';

interface EffectsOptions {
  readonly state?: EffectState;
  readonly action?: string;
  readonly source?: string;
  readonly limit: number;
}

const STATES: readonly EffectState[] = ['intended', 'sending', 'done', 'unknown', 'undone'];

/** `effects`: what actions have done, or may have done. */
export function addEffects(program: Command): void {
  program
    .command('effects')
    .description('list what actions have done, or may have done')
    .addOption(new Option('--state <state>', 'in this state; `unknown` waits for a person').choices(STATES))
    .option('--action <name>', 'of this action, such as email.sendOrderConfirmation')
    .option('--source <name>', 'of events of this source')
    .option('--limit <n>', 'at most so many', parseCount({ min: 1, max: 1_000 }), 20)
    .action(async (options: EffectsOptions, command: Command) => {
      await withStore(command, async ({ store }) => {
        const effects = await store.effects.list(options);
        tell(globalsOf(command), {
          document: { effects },
          text: () => (effects.length === 0 ? 'no effects' : toEffectList(effects, createPaint(process.stdout))),
        });
      });
    });
}

function toEffectList(effects: readonly EffectSummary[], paint: Paint): string {
  const rows = effects.map(({ updatedAt, source, eventId, ledger, action, key, round, state, sends, detail }) => [
    toTimeText(updatedAt),
    source,
    eventId,
    ledger,
    action,
    key,
    String(round),
    toStateCell(state),
    String(sends),
    detail ?? '',
  ]);
  return toTable({ head: ['changed', 'source', 'event id', 'ledger', 'action', 'key', 'round', 'state', 'sends', 'detail'], rows }, paint);
}
