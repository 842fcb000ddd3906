import type { AlertItem } from '../../store/alert-messages.ts';
import { ALERT_RULES } from '../../store/alerts.ts';
import type { AlertRule } from '../../store/alerts.ts';

/** A message as people read it. */
export interface WrittenMessage {
  /** One line: what, and how many. */
  readonly subject: string;
  /** At most 20 lines of alerts, then the commands that look at them. */
  readonly text: string;
}

/** How a rule speaks. */
interface Words {
  /** What its alerts stand for, for a subject: `12 failed runs`. */
  readonly total: (items: readonly AlertItem[]) => string;
  /** One alert, as long as it stands. */
  readonly stands: (item: AlertItem) => string;
  /** What is over. */
  readonly over: (item: AlertItem) => string;
  /** Which command looks at one. */
  readonly look: (item: AlertItem) => string;
}

const MOST_LINES = 20;
/** Whose details are event ids. */
const OF_EVENTS: readonly AlertRule[] = ['run.failed', 'run.taskFailing', 'effect.unknown', 'backlog.old', 'run.slow'];
const STATES: Readonly<Record<AlertItem['state'], string>> = { new: 'New', grown: 'More', standing: 'Still', over: 'Over' };

const WORDS: Readonly<Record<AlertRule, Words>> = {
  'run.failed': {
    total: (items) => counted(sum(items), 'failed run'),
    stands: ({ target, count, detail }) => `${counted(count, 'failed run')} of chain ${target}${newest(detail)}`,
    over: ({ target }) => `no failed run of chain ${target} is left`,
    look: () => 'hookline runs --state failed',
  },
  'run.taskFailing': {
    total: (items) => counted(sum(items), 'stuck run'),
    stands: ({ target, count, detail }) =>
      `${counted(count, 'run')} of chain ${target} that Temporal cannot carry on${detail === null ? '' : `, the first of event ${detail}`}`,
    over: ({ target }) => `no run of chain ${target} is stuck any more`,
    look: () => 'hookline runs --code run.taskFailing',
  },
  'effect.unknown': {
    total: (items) => counted(sum(items), 'unknown effect'),
    stands: ({ target, count, detail }) => `${counted(count, 'unknown effect')} of action ${target}${newest(detail)}`,
    over: ({ target }) => `no effect of action ${target} is unknown any more`,
    look: () => 'hookline effects --state unknown',
  },
  'backlog.old': {
    total: (items) => `${counted(sum(items), 'run')} not started`,
    stands: ({ count, detail }) => `${counted(count, 'run')} not started in time${detail === null ? '' : `, the first of event ${detail}`}`,
    over: () => 'no run waits for its start for too long any more',
    look: () => 'hookline doctor', // some wait for another start, and none of it is a run's own fault
  },
  'run.slow': {
    total: (items) => counted(sum(items), 'slow run'),
    stands: ({ target, count, detail }) =>
      `${counted(count, 'run')} of chain ${target} under way for too long${detail === null ? '' : `, the oldest of event ${detail}`}`,
    over: ({ target }) => `no run of chain ${target} is under way for too long any more`,
    look: () => 'hookline runs --state started',
  },
  'source.silent': {
    total: (items) => counted(items.length, 'silent source'),
    stands: ({ target, detail }) => `nothing from source ${target}${detail === null ? ' so far' : ` after ${detail}`}`,
    over: ({ target }) => `source ${target} is not silent any more`,
    look: ({ target }) => `hookline deliveries --source ${target}`,
  },
  'refusals.spike': {
    total: (items) => counted(items.length, 'spike of refusals', 'spikes of refusals'),
    stands: ({ target, count, detail }) =>
      `${counted(count, 'delivery', 'deliveries')} of source ${target} refused in one minute${detail === null ? '' : `, most of them ${detail}`}`,
    over: ({ target }) => `source ${target} is not refused so often any more`,
    look: ({ target }) => `hookline deliveries --outcome refused --source ${target}`,
  },
};

/**
 * Writes a message of our own words, names of the settings and the code, event ids and codes: nothing in it was chosen freely by a
 * sender, and none of it is markup to whoever shows it. The same items make the same text.
 */
export function writeMessage(items: readonly AlertItem[]): WrittenMessage {
  const lines = items.map((item) => `${STATES[item.state]}: ${toLine(item)}`);
  const more = lines.length - MOST_LINES;
  const shown = more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more`] : lines;
  return { subject: `Hookline: ${toSubject(items)}`, text: [...shown, '', ...toCommands(items), ''].join('\n') };
}

function toLine(item: AlertItem): string {
  const { stands, over } = WORDS[item.rule];
  const since = `since ${item.since.slice(0, 19)}Z`;
  return item.state === 'over' ? `${over(item)} (was so ${since})` : `${stands(item)} (${since})`;
}

function toSubject(items: readonly AlertItem[]): string {
  const raised = items.filter(({ state }) => state !== 'over');
  const over = items.length - raised.length;
  const totals = ALERT_RULES.flatMap((rule) => {
    const ofRule = raised.filter((item) => item.rule === rule);
    return ofRule.length === 0 ? [] : [WORDS[rule].total(ofRule)];
  });
  return [...totals, ...(over === 0 ? [] : [`all clear for ${counted(over, 'alert')}`])].join(', ');
}

/** What to run: one command for each rule, and `why` for the first thing that has an id. */
function toCommands(items: readonly AlertItem[]): readonly string[] {
  const raised = items.filter(({ state }) => state !== 'over');
  const looks = raised.slice(0, MOST_LINES).map((item) => WORDS[item.rule].look(item));
  const event = raised.find(({ rule, detail }) => OF_EVENTS.includes(rule) && detail !== null);
  const why = event === undefined ? [] : [`hookline why ${event.detail}`];
  return ['Look with:', ...[...new Set([...looks, ...why, 'hookline alerts'])].map((command) => `  ${command}`)];
}

function newest(eventId: string | null): string {
  return eventId === null ? '' : `, the newest of event ${eventId}`;
}

function sum(items: readonly AlertItem[]): number {
  return items.reduce((total, { count }) => total + count, 0);
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
