import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { WholeEvent } from '../store/events.ts';
import type { Store } from '../store/store.ts';
import { chains } from '../workflows/catalogue.gen.ts';
import { findEvent } from './find-event.ts';
import { toPrintable } from './printable.ts';
import { globalsOf } from './settings.ts';
import { tell } from './tell.ts';
import { toTimeText } from './times.ts';
import { explainDelivery, explainEvent } from './why/explain-event.ts';
import type { Explanation } from './why/explanation.ts';
import { withStore } from './with-store.ts';
import { world } from './world.ts';

/** What is asked about, as it was understood, and why it stands as it does. */
interface Answer {
  readonly subject: { readonly kind: 'event' | 'run' | 'delivery' | 'entity'; readonly id: string };
  /** What it is, before the explanations; a part of the sentence. */
  readonly opening: string;
  readonly explanations: readonly Explanation[];
}

interface WhyOptions {
  readonly source?: string;
}

/** `why`: one paragraph on why something has, or has not, happened. */
export function addWhy(program: Command): void {
  program
    .command('why')
    .description('say why an event, a run, a delivery or an entity stands as it does')
    .argument('<what>', "an event's id, a workflow id, a delivery's id, or the type of an entity")
    .argument('[id]', "an entity's id: `why order shopify:1001`")
    .option('--source <name>', 'where several sources have an event with this id')
    .action(async (what: string, id: string | undefined, { source }: WhyOptions, command: Command) => {
      await withStore(command, async ({ store }) => {
        const { subject, opening, explanations } = await (id === undefined
          ? explain(store, { text: what, source })
          : explainEntity(store, { type: what, id }));
        tell(globalsOf(command), {
          document: { subject, explanations },
          text: () => toPrintable(`${opening}${explanations.map(toSentence).join('; ')}.`),
        });
      });
    });
}

async function explain(store: Store, wanted: { readonly text: string; readonly source: string | undefined }): Promise<Answer> {
  const { text } = wanted;
  const run = text.includes('.') ? await store.runs.find(text) : undefined; // every workflow id holds a dot, and no event id does
  if (run !== undefined) {
    const answer = await explainWhole(store, run.eventUuid, run.chain);
    return { ...answer, subject: { kind: 'run', id: run.workflowId } };
  }
  try {
    return await explainWhole(store, (await findEvent(store.events, wanted)).uuid);
  } catch (error) {
    const [delivery] = error instanceof HooklineError && error.code === 'cli.notFound' ? await store.deliveries.find(text) : [];
    if (delivery === undefined) throw error;
    return { subject: { kind: 'delivery', id: delivery.id }, opening: '', explanations: [explainDelivery(delivery)] };
  }
}

async function explainWhole(store: Store, uuid: string, chain?: string): Promise<Answer> {
  const whole = await store.events.get(uuid);
  if (whole === undefined)
    throw new HooklineError('cli.notFound', { expected: 'an event that is still there', got: 'one that was just removed' });
  return {
    subject: { kind: 'event', id: uuid },
    opening: toOpening(whole),
    explanations: explainEvent(whole, { chain, chains, now: world.now() }),
  };
}

function toOpening({ event: { source, eventId, type, receivedAt, test }, deliveries }: WholeEvent): string {
  const resent = deliveries.filter(({ outcome }) => outcome === 'duplicate').length;
  const duplicates = resent === 0 ? '' : `, and ${resent === 1 ? 'once' : `${resent} times`} more as a duplicate`;
  return `Event ${eventId} of ${source}, \`${type}\`${test ? ' (test traffic)' : ''}, came at ${toTimeText(receivedAt)}${duplicates}: `;
}

async function explainEntity(store: Store, key: { readonly type: string; readonly id: string }): Promise<Answer> {
  const [newest] = await store.events.list({ entity: key, limit: 1 });
  const entity = await store.agentTables.entity(key);
  const name = `${key.type} ${key.id}`;
  const written = entity === undefined ? 'no agent has written it' : `an agent wrote it last at ${toTimeText(entity.updatedAt)}`;
  if (newest === undefined && entity === undefined)
    throw new HooklineError('cli.notFound', {
      expected: 'an entity that an event names, or an agent has written',
      got: `\`${toPrintable(name.slice(0, 200))}\``,
      fix: 'see `hookline entities`; ids carry the system that they come from, such as `shopify:1001`',
    });
  const answer = newest === undefined ? undefined : await explainWhole(store, newest.uuid);
  return {
    subject: { kind: 'entity', id: name },
    opening: `${name}: ${written}; ${answer === undefined ? 'no event names it' : `its newest event: ${answer.opening}`}`,
    explanations: answer?.explanations ?? [],
  };
}

function toSentence({ said, fix }: Explanation): string {
  return fix === null ? said : `${said} (fix: ${fix})`;
}
