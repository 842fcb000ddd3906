import type { Queryable } from './pool.ts';

/** What the holder of a token may do: look, change things, or also make tokens and read who has changed what. */
export type TokenRole = 'viewer' | 'operator' | 'admin';

/** What a token may do. */
export interface TokenRights {
  readonly name: string;
  readonly role: TokenRole;
  /** Whether it may read bodies and data. */
  readonly payloads: boolean;
}

/** A token as lists have it: its secret is not kept by anybody. */
export interface TokenRow extends TokenRights {
  readonly madeAt: Date;
  /** To within a minute; null where it was never used. */
  readonly usedAt: Date | null;
}

/** Keeps the hash of a token; false where the name or the token is there already. */
export async function addToken(
  tx: Queryable,
  { name, role, payloads, sha256 }: TokenRights & { readonly sha256: Uint8Array },
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'tokens.add',
    text: 'INSERT INTO tokens (name, sha256, role, payloads) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    values: [name, sha256, role, payloads],
  });
  return rowCount === 1;
}

const FIND = `
WITH touched AS (
  UPDATE tokens SET used_at = now() WHERE sha256 = $1 AND (used_at IS NULL OR used_at < now() - interval '1 minute')
)
SELECT name, role, payloads FROM tokens WHERE sha256 = $1`;

/** The token of a hash, and that it was used; `undefined` where there is none. */
export async function findToken(db: Queryable, sha256: Uint8Array): Promise<TokenRights | undefined> {
  return (await db.query<TokenRights>({ name: 'tokens.find', text: FIND, values: [sha256] })).rows[0];
}

/** Every token, by name. */
export async function listTokens(db: Queryable): Promise<readonly TokenRow[]> {
  return (
    await db.query<TokenRow>({
      name: 'tokens.list',
      text: 'SELECT name, role, payloads, made_at AS "madeAt", used_at AS "usedAt" FROM tokens ORDER BY name COLLATE "C"',
    })
  ).rows;
}

/** Removes a token, which is refused from then on; false where there is none. */
export async function removeToken(tx: Queryable, name: string): Promise<boolean> {
  return (await tx.query({ name: 'tokens.remove', text: 'DELETE FROM tokens WHERE name = $1', values: [name] })).rowCount === 1;
}
