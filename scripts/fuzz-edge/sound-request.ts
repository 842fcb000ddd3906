import type { JsonValue } from '../../src/contracts/json.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import type { Chance } from './chance.ts';
import type { DraftRequest, Line } from './draft-request.ts';
import { GUARDED, SOURCES } from './edge-sources.ts';
import { signedKeysOf } from './signed-content.ts';

/** A request as its vendor sends it, signed by the vendor's own scheme. */
export interface SoundRequest extends DraftRequest {
  readonly source: Source;
  /** Names of the headers without which it is not signed, in lower case. */
  readonly signature: readonly string[];
  readonly json: JsonValue;
  /** Keys of what was signed. */
  readonly keys: readonly string[];
}

const ALL: readonly ProviderDefinition[] = providers;

/** What `makeSound` may be told. */
export interface SoundOptions {
  readonly now: Date;
  /** @default one of those that take everybody */
  readonly source?: Source;
  /** @default the sample's own, as JSON */
  readonly toBody?: (json: JsonValue) => string | Uint8Array;
  /** The headers in place of the sample's. @default as they are */
  readonly toLines?: (lines: readonly Line[]) => readonly Line[];
  /** @default the source's first */
  readonly secret?: string;
}

/** Makes a sample of any provider and type, and signs it, changed or not. */
export function makeSound(chance: Chance, options: SoundOptions): SoundRequest {
  const { now, toBody = JSON.stringify, toLines = (lines) => lines } = options;
  const source = options.source ?? chance.pick(SOURCES.filter(({ name }) => name !== GUARDED));
  const provider = providerOf(source);
  const sample = chance.pick(Object.values(provider.sample))({ now, id: chance.hex(16) });
  const given = toLines([...Object.entries(sample.headers), ['X-Order-Id', chance.hex(16)]]); // one source looks for its ids there
  const body = Buffer.from(toBody(sample.body));
  const secret = options.secret ?? source.secrets[0] ?? '';
  const signed = Object.entries(provider.sign({ body, secret, now, headers: Object.fromEntries(given) }));
  const names = signed.map(([name]) => name.toLowerCase());
  const lines = [...given.filter(([name]) => !names.includes(name.toLowerCase())), ...signed];
  const keys = signedKeysOf({ source: source.name, provider: source.provider, lines, body });
  return { source, method: 'POST', target: `/webhooks/${source.name}`, lines, body, json: sample.body, signature: names, keys };
}

function providerOf({ provider }: Source): ProviderDefinition {
  const found = ALL.find(({ name }) => name === provider);
  if (found === undefined) throw new Error(`no provider ${provider}`);
  return found;
}
