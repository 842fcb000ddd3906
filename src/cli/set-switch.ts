import type { Command } from 'commander';
import { switches } from '../admin/api/switches.ts';
import { toTimeText } from '../admin/time-text.ts';
import type { Switch } from '../store/switches.ts';
import type { VendorWait } from '../store/vendor-waits.ts';
import { globalsOf } from './settings.ts';
import { toSwitchName, toSwitchScreen } from './switch-screen.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

/** Stops something, and says what that means; where it was stopped before, since when and by whom. */
export async function setSwitch(
  one: Switch,
  { reason, means, command }: { readonly reason: string | undefined; readonly means: string; readonly command: Command },
): Promise<void> {
  await withApi(command, async (api) => {
    const document = await api.ask(switches.set, { params: one, body: { reason } });
    const { since, by } = document.switch;
    const before = document.changed ? '' : `, as it was since ${toTimeText(since)} by ${by}`;
    const said = `\`${toSwitchName(one)}\` is set${before}: ${means}.`;
    tell(globalsOf(command), { document, text: () => toSwitchScreen({ said, others: [] }, createPaint(process.stdout)) });
  });
}

/** Lets something go on, and says what else is still stopped. */
export async function clearSwitch(one: Switch, { means, command }: { readonly means: string; readonly command: Command }): Promise<void> {
  await withApi(command, async (api) => {
    const document = await api.ask(switches.clear, { params: one });
    const { switches: others } = await api.ask(switches.list, {});
    const name = `\`${toSwitchName(one)}\``;
    const said = toClearedText(name, { ...document, means });
    tell(globalsOf(command), { document, text: () => toSwitchScreen({ said, others }, createPaint(process.stdout)) });
  });
}

function toClearedText(
  name: string,
  {
    changed,
    switch: was,
    wait,
    means,
  }: { readonly changed: boolean; readonly switch: object | null; readonly wait: VendorWait | null; readonly means: string },
): string {
  if (!changed) return `${name} was not set: nothing to do.`;
  if (wait === null) return `${name} is cleared: ${means}.`;
  const ended = `the wait for vendor \`${wait.adapter}\` until ${toTimeText(wait.until)} is over`;
  return was === null ? `${ended}: ${means}.` : `${name} is cleared, and ${ended}: ${means}.`;
}
