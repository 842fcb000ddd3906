import { z } from 'zod';
import { NAME } from '../../contracts/ids.ts';
import { addToken, listTokens, removeToken } from '../../store/tokens.ts';
import { makeToken, toTokenHash } from '../make-token.ts';
import { ApiError } from './api-error.ts';
import { defineRoute } from './define-route.ts';
import { asked, time } from './fields.ts';
import { makeChange } from './make-change.ts';

const role = z.enum(['viewer', 'operator', 'admin']);
const rights = { name: z.string(), role, payloads: z.boolean().meta({ description: 'Whether it may read bodies and data.' }) };
const name = z.string().min(1).max(64).regex(NAME).meta({ description: 'Kebab-case: who or what uses it.' });

/** Who may use the API from elsewhere. */
export const tokens = {
  list: defineRoute({
    name: 'tokens.list',
    method: 'GET',
    url: '/api/tokens',
    role: 'admin',
    summary: 'Every token, by name; none is ever shown again.',
    reply: z.object({ tokens: z.array(z.object({ ...rights, madeAt: time, usedAt: time.nullable() })).readonly() }),
    handle: async ({ context: { store } }) => ({ tokens: await listTokens(store.db) }),
  }),

  add: defineRoute({
    name: 'tokens.add',
    method: 'POST',
    url: '/api/tokens',
    role: 'admin',
    summary: 'Makes a token, and tells it this once.',
    body: z.strictObject({ name, role, payloads: z.boolean().optional() }),
    reply: z.object({ ...rights, token: z.string() }),
    handle: ({ body, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        const token = makeToken(context.randomBytes);
        const wanted = { name: body.name, role: body.role, payloads: body.payloads ?? false };
        const hash = toTokenHash(token);
        if (hash === undefined || !(await addToken(tx, { ...wanted, sha256: hash }))) {
          const fix = 'take another name, or remove the old one first';
          throw new ApiError('api.conflict', { expected: 'a name that no token has', got: `\`${body.name}\``, fix });
        }
        await audit({ action: 'token.add', target: body.name, detail: { role: wanted.role, payloads: wanted.payloads } });
        return { ...wanted, token };
      }),
  }),

  remove: defineRoute({
    name: 'tokens.remove',
    method: 'DELETE',
    url: '/api/tokens/:name',
    role: 'admin',
    summary: 'Removes a token, which is refused from then on.',
    params: z.strictObject({ name: asked(64) }),
    reply: z.object({ removed: z.string() }),
    handle: ({ params, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        if (!(await removeToken(tx, params.name))) {
          const got = `\`${params.name}\``;
          throw new ApiError('api.notFound', { expected: 'the name of a token', got, fix: 'see `hookline token list`' });
        }
        await audit({ action: 'token.remove', target: params.name });
        return { removed: params.name };
      }),
  }),
} as const;
