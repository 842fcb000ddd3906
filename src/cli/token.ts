import { Option, type Command } from 'commander';
import { tokens } from '../admin/api/tokens.ts';
import { toTimeText } from '../admin/time-text.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { TokenRole } from '../store/tokens.ts';
import type { ApiClient } from './api/api-client.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

const ROLES: readonly TokenRole[] = ['viewer', 'operator', 'admin'];

interface AddOptions {
  readonly role: TokenRole;
  readonly payloads?: true;
}

/** `token`: who may use the admin API from elsewhere. */
export function addToken(program: Command): void {
  const token = program.command('token').description('make, list and remove tokens for the admin API');
  token
    .command('add')
    .description('make a token, and show it this once')
    .argument('<name>', 'who or what uses it, in kebab-case')
    .addOption(new Option('--role <role>', 'viewer looks, operator changes, admin also makes tokens').choices(ROLES).makeOptionMandatory())
    .option('--payloads', 'it may also read bodies and data')
    .action((name: string, options: AddOptions, command: Command) => withApi(command, (api) => add(api, { name, ...options }, command)));
  token
    .command('list')
    .description('list tokens, which are not shown again, and when each was last used')
    .action((_options: object, command: Command) => withApi(command, (api) => list(api, command)));
  token
    .command('remove')
    .description('remove a token, which is refused from then on')
    .argument('<name>', 'of the token')
    .action((name: string, _options: object, command: Command) => withApi(command, (api) => remove(api, name, command)));
}

async function add(
  api: ApiClient,
  { name, role, payloads = false }: { readonly name: string; readonly role: TokenRole; readonly payloads?: boolean },
  command: Command,
): Promise<void> {
  const body = { name, role, payloads };
  if (!tokens.add.body.safeParse(body).success)
    throw new HooklineError('cli.usage', { expected: 'a name in kebab-case, of at most 64 characters', got: 'another' });
  const made = await api.ask(tokens.add, { body });
  tell(globalsOf(command), {
    document: made,
    text: () => `${made.token}\nThe token \`${made.name}\` (${made.role}) is shown this once; nobody can show it again.`,
  });
}

async function list(api: ApiClient, command: Command): Promise<void> {
  const { tokens: rows } = await api.ask(tokens.list, {});
  tell(globalsOf(command), {
    document: { tokens: rows },
    text: () => {
      const cells = rows.map(({ name, role, payloads, madeAt, usedAt }) => [
        name,
        role,
        payloads ? 'yes' : 'no',
        toTimeText(madeAt),
        usedAt === null ? 'never' : toTimeText(usedAt),
      ]);
      const head = ['name', 'role', 'payloads', 'made', 'used'];
      return rows.length === 0 ? 'no tokens' : toTable({ head, rows: cells }, createPaint(process.stdout));
    },
  });
}

async function remove(api: ApiClient, name: string, command: Command): Promise<void> {
  const document = await api.ask(tokens.remove, { params: { name } });
  tell(globalsOf(command), { document, text: () => `the token \`${document.removed}\` is removed` });
}
