import { HooklineError } from '../../contracts/errors.ts';
import type { JsonValue } from '../../contracts/json.ts';
import type { Source } from '../../contracts/webhook.ts';
import { providers } from '../../providers/catalogue.gen.ts';
import type { ProviderDefinition, Sample } from '../../providers/define-provider.ts';
import { chooseSample } from '../trigger/choose-sample.ts';
import { setPath } from '../trigger/set-path.ts';
import { signWebhook } from '../trigger/sign-webhook.ts';
import type { DemoWebhook } from './demo-story.ts';

/** What stories are made with. */
export interface DemoMaker {
  /** A fresh seed of samples, 16 hexadecimal digits; samples of one seed speak of one order, ticket and payment. */
  newSeed(): string;
  /** A time so long before the demonstration. */
  minutesAgo(minutes: number): Date;
  /** A provider's sample, changed. */
  sample(provider: string, type: string, options: DemoSample): Sample;
  /** A sample on its way to a source, signed as its provider does it. */
  webhook(webhook: DemoDraft): DemoWebhook;
}

/** How a sample differs from any other. */
export interface DemoSample {
  readonly seed: string;
  /** When it happened. @default 0 */
  readonly minutesAgo?: number;
  /** What stands at places of the body: paths of keys with dots between them. @default the sample's own */
  readonly set?: Readonly<Record<string, JsonValue>>;
}

/** A webhook before it is signed. */
export interface DemoDraft extends Omit<DemoWebhook, 'webhook'> {
  readonly sample: Sample;
  /** Changes one byte after signing. @default false */
  readonly tamper?: boolean;
}

const MINUTE_MS = 60_000;

/** Makes the maker of stories: samples of the time of now, signed with the secrets of the sources. */
export function createDemoMaker({
  sources,
  now,
  newEventId,
}: {
  readonly sources: readonly Source[];
  readonly now: Date;
  readonly newEventId: () => string;
}): DemoMaker {
  const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * MINUTE_MS);
  return {
    newSeed: newEventId,
    minutesAgo,
    sample(provider, type, { seed, minutesAgo: minutes = 0, set = {} }) {
      const { headers, body } = chooseSample(provider, type).make({ now: minutesAgo(minutes), id: seed });
      const changes = Object.entries(set).map(([path, value]) => ({ path: path.split('.'), value }));
      return { headers, body: changes.reduce(setPath, body) };
    },
    webhook({ sample, tamper = false, ...webhook }) {
      const { provider, secret } = signerOf(sources, webhook.source);
      return { ...webhook, webhook: signWebhook({ provider, ...sample, secret, now, tamper }) };
    },
  };
}

/** The same bytes once more: nothing may come of them. */
export function toResend({ name, expected, ...same }: DemoWebhook): DemoWebhook {
  return { ...same, name: `${name}, resent`, expected: { ...expected, status: 'duplicate' } };
}

function signerOf(sources: readonly Source[], name: string): { readonly provider: ProviderDefinition; readonly secret: string } {
  const known: readonly ProviderDefinition[] = providers;
  const source = sources.find((one) => one.name === name);
  const provider = known.find((one) => one.name === source?.provider);
  const secret = source?.secrets[0];
  if (provider === undefined || secret === undefined)
    throw new HooklineError('bug.unexpected', { expected: `the development source \`${name}\`` });
  return { provider, secret };
}
