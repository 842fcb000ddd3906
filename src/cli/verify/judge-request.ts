import { HooklineError, type ErrorCode } from '../../contracts/errors.ts';
import type { Identity, SourceOptions, Verdict } from '../../contracts/webhook.ts';
import { toDeliveryHeaders } from '../../ingress/headers.ts';
import { parseJson } from '../../ingress/parse-json.ts';
import { diagnose } from '../../providers/_diagnose.ts';
import { providers } from '../../providers/catalogue.gen.ts';
import type { ProviderDefinition, SignedRequest, VerifyContext } from '../../providers/define-provider.ts';
import { nearestName } from '../../runtime/settings/nearest-name.ts';
import { toPrintable } from '../../admin/printable.ts';

/** A request that somebody gives by hand. */
export interface GivenRequest {
  readonly provider: string;
  /** Names in any case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly secrets: readonly string[];
  readonly options?: SourceOptions;
  /** What the signed time is measured against; null leaves its age out. */
  readonly now: Date | null;
  readonly toleranceSeconds?: number | undefined;
  readonly legacy?: boolean | undefined;
}

/** What the listener would make of it. */
export interface Judgement {
  /** Whether the signature is accepted. */
  readonly ok: boolean;
  /** Why not; of an accepted one why nothing can be read from it, else null. */
  readonly code: ErrorCode | null;
  readonly detail: string | null;
  /** Which of the secrets has signed, from 0. */
  readonly secretIndex: number | null;
  /** As the provider wrote them. */
  readonly eventIds: readonly string[];
  readonly eventType: string | null;
}

/**
 * Verifies, diagnoses and reads a request as the listener does, without storing anything. Throws `cli.usage` for a provider that is
 * not there; a secret that is no key of the provider is a refusal.
 */
export function judgeRequest(given: GivenRequest): Judgement {
  const provider = providerNamed(given.provider);
  const request: SignedRequest = { headers: toDeliveryHeaders(given.headers.flat()), body: given.body };
  const context: VerifyContext = {
    secrets: given.secrets,
    now: given.now ?? new Date(0),
    toleranceSeconds: given.now === null ? null : given.toleranceSeconds,
    legacy: given.legacy,
  };
  const verdict = verify(provider, request, context);
  if (verdict.ok) return { ok: true, secretIndex: verdict.secretIndex, ...read(provider, request, given.options ?? {}) };
  const probable =
    verdict.code === 'settings.secretWeak'
      ? undefined
      : diagnose({ provider, providers, request, context, code: verdict.code, thorough: true });
  const detail = [verdict.detail, probable].filter((part) => part !== undefined).join('; ');
  return { ok: false, code: verdict.code, detail: detail === '' ? null : detail, secretIndex: null, eventIds: [], eventType: null };
}

function providerNamed(name: string): ProviderDefinition {
  const known: readonly ProviderDefinition[] = providers;
  const provider = known.find((one) => one.name === name);
  if (provider !== undefined) return provider;
  const names = known.map((one) => one.name);
  const near = nearestName(name, names);
  const list = `there are ${names.map((one) => `\`${one}\``).join(', ')}`;
  throw new HooklineError('cli.usage', {
    expected: 'the name of a provider',
    got: `\`${toPrintable(name.slice(0, 200))}\``,
    fix: near === undefined ? list : `did you mean \`${near}\`? ${list}`,
  });
}

type Refused = { readonly ok: false; readonly code: ErrorCode; readonly detail?: string };

function verify(
  provider: ProviderDefinition,
  request: SignedRequest,
  context: VerifyContext,
): Verdict | (Refused & { readonly code: 'settings.secretWeak' }) {
  try {
    return provider.verify(request, context);
  } catch (error) {
    if (error instanceof HooklineError && error.code === 'settings.secretWeak')
      return { ok: false, code: 'settings.secretWeak', detail: error.message };
    throw error;
  }
}

/** Headers are read also where the body cannot be. */
function read(
  provider: ProviderDefinition,
  request: SignedRequest,
  options: SourceOptions,
): Pick<Judgement, 'code' | 'detail' | 'eventIds' | 'eventType'> {
  const decoded = provider.decode?.(request);
  const parsed = decoded?.ok === false ? decoded : parseJson(decoded?.json ?? request.body);
  const json = parsed.ok ? parsed.json : null;
  const identities: readonly Identity[] = provider.identify({ ...request, json, options, receivedAt: new Date(0) });
  const facts = {
    eventIds: identities.flatMap(({ id }) => id ?? []),
    eventType: identities.find(({ type }) => type !== undefined)?.type ?? null,
  };
  return parsed.ok ? { code: null, detail: null, ...facts } : { code: parsed.code, detail: parsed.detail, ...facts };
}
