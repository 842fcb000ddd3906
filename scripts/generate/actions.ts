import type { ActionFacts } from '../../src/contracts/run.ts';
import type { Output } from './catalogues.ts';
import { GENERATED } from './catalogues.ts';
import type { Thing } from './things.ts';

const ACTION_NAME = /^[a-z][A-Za-z0-9]*$/;
const FACT_KEYS = ['kind', 'retry', 'timeoutMs', 'undoes'] as const;

/**
 * What the sandbox knows of every action, sorted by name. The agents' actions are built, never run, and with dependencies
 * that throw when they are touched.
 */
export function toActions(agents: readonly Thing[]): { readonly output: Output; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const facts = agents.map((agent) => toFacts(agent, problems));
  const imports = agents.map(({ file, identifier }) => `import type ${identifier} from '../activities/agents/${file}.ts';\n`).join('');
  const types = agents.map(({ name, identifier }) => `  readonly ${toKey(name)}: AgentActions<typeof ${identifier}>;\n`).join('');
  const text = `${GENERATED}import type { ActionFacts } from '../contracts/run.ts';
${agents.length === 0 ? '' : `import type { AgentActions } from '../activities/define-agent.ts';\n`}${imports}
/** Every agent's actions as a chain calls them. */
export type Agents = {
${types}};

/** Kinds, limits and presets of every action. */
export const actionFacts = {
${facts.join('')}} as const satisfies Record<string, Record<string, ActionFacts>>;
`;
  return { output: { path: 'src/workflows/actions.gen.ts', text }, problems };
}

function toFacts({ file, name, exported }: Thing, problems: string[]): string {
  const where = `src/activities/agents/${file}.ts`;
  const actions = buildActions(name, exported);
  if (typeof actions === 'string') {
    problems.push(`${where}: ${actions}`);
    return `  ${toKey(name)}: {},\n`;
  }
  const rows = Object.keys(actions)
    .sort()
    .map((action) => {
      const facts = factsOf(actions[action]);
      const wrong =
        facts === undefined ? 'expected an action made by `stateAction` or `effectAction`' : wrongWith({ action, facts, actions });
      if (wrong !== undefined) problems.push(`${where}: \`${action}\`: ${wrong}`);
      const members = FACT_KEYS.flatMap((key) => (facts?.[key] === undefined ? [] : [`${key}: ${toLiteral(facts[key])}`]));
      return `    ${toKey(action)}: { ${members.join(', ')} },\n`;
    });
  return `  ${toKey(name)}: {\n${rows.join('')}  },\n`;
}

function buildActions(agent: string, exported: Thing['exported']): Readonly<Record<string, unknown>> | string {
  const build = exported['actions'];
  if (typeof build !== 'function') return 'expected `actions` to be a function of the dependencies';
  try {
    const actions: unknown = Reflect.apply(build, undefined, [toUntouchable(agent)]);
    if (typeof actions !== 'object' || actions === null) return 'expected `actions` to return an object of actions';
    return actions as Readonly<Record<string, unknown>>; // an object is a record of unknowns
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Dependencies that cannot be used: any look at a property throws, and says whose fault it is. */
function toUntouchable(agent: string): object {
  const refuse = (_target: object, property?: string | symbol): never => {
    const touched = property === undefined ? 'its dependencies' : `\`${String(property)}\` of its dependencies`;
    throw new Error(
      `agent \`${agent}\` touched ${touched} while its actions were built: take the dependencies whole and use them inside an action`,
    );
  };
  return new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getOwnPropertyDescriptor: refuse, getPrototypeOf: refuse });
}

function factsOf(action: unknown): ActionFacts | undefined {
  if (typeof action !== 'object' || action === null || !('facts' in action)) return undefined;
  const { facts } = action;
  return typeof facts === 'object' && facts !== null ? (facts as ActionFacts) : undefined; // wrongWith() looks at every member
}

interface Claim {
  readonly action: string;
  readonly facts: ActionFacts;
  readonly actions: Readonly<Record<string, unknown>>;
}

function wrongWith({ action, facts: { kind, retry, timeoutMs, undoes }, actions }: Claim): string | undefined {
  if (!ACTION_NAME.test(action)) return 'expected a camelCase name';
  if (kind !== 'state' && kind !== 'effect') return "expected the kind 'state' or 'effect'";
  if (!['quick', 'patient', 'forever'].includes(retry)) return "expected the retry preset 'quick', 'patient' or 'forever'";
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0) return 'expected a time limit in whole milliseconds';
  if (undoes !== undefined && (undoes === action || !Object.hasOwn(actions, undoes))) {
    return `expected \`undoes\` to name another action of the same agent, got '${undoes}'`;
  }
  return undefined;
}

function toKey(name: string): string {
  return ACTION_NAME.test(name) ? name : `'${name}'`;
}

function toLiteral(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
