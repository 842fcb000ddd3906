import { domain, mailbox, standardSecret, text, url } from './settings-kinds.ts';
import { segmentRules } from './settings-segments.ts';

/** Rows of the settings table: what agents work with outside, and the rules that they go by. */
export const adapterSettings = {
  'mail.from': { kind: mailbox(), default: 'Hookline <orders@hookline.localhost>', means: 'The sender of every mail.' },
  'mail.smtp': {
    kind: url('smtp', 'smtps'),
    unset: 'the built-in mail catcher',
    required: 'production',
    secret: 'password',
    means: 'The mail server, with user and password where it wants them: `smtps://user:${SMTP_PASSWORD}@mail.example:465`.',
  },
  'mail.messageIdDomain': {
    kind: domain(),
    default: 'hookline.localhost',
    means: 'The right-hand side of every `Message-ID`; changing it makes a mail that is sent again look like another one.',
  },

  'warehouse.url': {
    kind: url('http', 'https'),
    unset: 'a built-in receiver',
    required: 'production',
    means: 'Where orders are handed to the warehouse.',
  },
  'warehouse.secret': {
    kind: standardSecret(),
    unset: 'a random one in the data folder',
    required: 'production',
    requiredWith: 'warehouse.url',
    secret: 'whole',
    means: 'The Standard Webhooks secret that signs what the warehouse gets.',
    fix: 'take `whsec_` and 32 random bytes: `echo whsec_$(openssl rand -base64 32)`',
  },

  'crm.url': {
    kind: url('http', 'https'),
    unset: 'a table of our own, `crm_profiles`',
    means: 'Where the CRM takes customer profiles: each is put to this URL and `/<id>`, as JSON.',
  },
  'crm.bearer': {
    kind: text('a bearer token', /^[A-Za-z0-9._~+/-]{1,1000}={0,2}$/),
    unset: 'no token is sent',
    requiredWith: 'crm.url',
    alternative: 'crm.secret',
    secret: 'whole',
    means: 'The token by which the CRM knows us (RFC 6750).',
    fix: 'give the token, or `crm.secret` where the CRM wants signed calls',
  },
  'crm.secret': {
    kind: standardSecret(),
    unset: 'calls are not signed',
    secret: 'whole',
    means: 'The Standard Webhooks secret that signs what the CRM gets.',
    fix: 'take `whsec_` and 32 random bytes: `echo whsec_$(openssl rand -base64 32)`',
  },

  'support.teamUrl': {
    kind: url('http', 'https'),
    unset: 'notices stand in our own table `team_notices` alone',
    secret: 'whole',
    means: 'Where the team is told of escalated tickets: an incoming webhook of Slack, or whatever takes the same `{text}`.',
    fix: 'write `${NAME}` or `{ file: path }`: whoever knows such a URL can post to it',
  },
  'support.teamSecret': {
    kind: standardSecret(),
    unset: 'notices are not signed',
    secret: 'whole',
    means: 'The Standard Webhooks secret that signs what the team gets, for receivers that verify it; Slack does not.',
    fix: 'take `whsec_` and 32 random bytes: `echo whsec_$(openssl rand -base64 32)`',
  },

  'marketing.segments': {
    kind: segmentRules(),
    unset: 'the rules of `src/activities/segment-rules.json`',
    means: 'The segments that new users are put into, and the rule of each; `docs/stories/user-registered.md` tells the words.',
    fix: 'compare with the words of `docs/stories/user-registered.md`',
  },
} as const;
