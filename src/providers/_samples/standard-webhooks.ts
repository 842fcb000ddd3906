import type { JsonObject } from '../../contracts/json.ts';
import type { ProviderDefinition, Sample, SampleContext } from '../define-provider.ts';

/** A sample as Clerk sends it (clerk.com/docs/webhooks), which signs by Svix. */
export const standardWebhooksSamples = {
  'user.created': (context) => toSample('user.created', context, user(context)),
} as const satisfies ProviderDefinition['sample'];

function user({ now, id }: SampleContext): JsonObject {
  const emailId = `idn_${id}`;
  return {
    id: `user_${id}`,
    object: 'user',
    username: null,
    first_name: 'Grace',
    last_name: 'Hopper',
    image_url: 'https://img.clerk.com/sample',
    has_image: false,
    primary_email_address_id: emailId,
    primary_phone_number_id: null,
    primary_web3_wallet_id: null,
    password_enabled: true,
    two_factor_enabled: false,
    email_addresses: [
      {
        id: emailId,
        object: 'email_address',
        email_address: 'grace@example.com',
        verification: { status: 'verified', strategy: 'email_code' },
        linked_to: [],
      },
    ],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    external_id: null,
    public_metadata: {},
    private_metadata: {},
    unsafe_metadata: { country: 'US', marketing_consent: true },
    last_sign_in_at: null,
    banned: false,
    locked: false,
    created_at: now.getTime(),
    updated_at: now.getTime(),
  };
}

function toSample(type: string, { now, id }: SampleContext, data: JsonObject): Sample {
  return {
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'Svix-Webhooks/1.73.0', 'webhook-id': `msg_${id}` },
    body: { data, instance_id: 'ins_2g7np7Hrk0SN6kj5EDMLDaKNL0S', object: 'event', timestamp: now.getTime(), type },
  };
}
