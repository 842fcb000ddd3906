import type { Verdict } from '../contracts/webhook.ts';
import { diagnose } from '../providers/_diagnose.ts';
import type { Diagnosable } from '../providers/_diagnose.ts';
import type { SignedRequest, VerifyContext } from '../providers/define-provider.ts';

/** What a verdict is explained by. */
export interface ExplainInput {
  readonly provider: Diagnosable;
  readonly request: SignedRequest;
  readonly context: VerifyContext;
  readonly verdict: Extract<Verdict, { readonly ok: false }>;
}

/** So many refusals a second are looked into; a flood gets the verdict alone. */
const PER_SECOND = 5;

/** Makes the detail of refused signatures: what the verdict says, and what has probably gone wrong. Never a secret, never a payload. */
export function createExplain({
  providers,
  now,
}: {
  readonly providers: readonly Diagnosable[];
  readonly now: () => Date;
}): (input: ExplainInput) => string {
  let second = 0;
  let looked = 0;
  return ({ provider, request, context, verdict }) => {
    const current = Math.floor(now().getTime() / 1_000);
    if (current !== second) looked = 0;
    second = current;
    looked += 1;
    const probable = looked > PER_SECOND ? undefined : diagnose({ provider, providers, request, context, code: verdict.code });
    return [verdict.detail, probable].filter((part) => part !== undefined).join('; ');
  };
}
