import { decodePayloadForm } from './_form.ts';
import { hmac, signHmac } from './_hmac.ts';
import type { HmacScheme } from './_hmac.ts';
import { githubSamples } from './_samples/github.ts';
import { defineProvider } from './define-provider.ts';

const scheme = { header: 'X-Hub-Signature-256', prefix: 'sha256=', algorithm: 'sha256', encoding: 'hex' } as const satisfies HmacScheme;

/** What GitHub sends beside it, for receivers from before 2020. */
const legacy = { header: 'X-Hub-Signature', prefix: 'sha1=', algorithm: 'sha1', encoding: 'hex' } as const satisfies HmacScheme;
const verifyCurrent = hmac(scheme);
const verifyLegacy = hmac(legacy);

/**
 * GitHub (docs.github.com/en/webhooks). Both content types: of a form the raw `payload=…` is signed, and its JSON read. Only the
 * body is signed: id and event stand in headers outside the signature. GitHub names no time; a redelivery keeps its id; nothing is
 * ever sent again by itself. `ping`, which every new webhook begins with, is an event like any other.
 */
export default defineProvider({
  name: 'github',
  verify(request, context) {
    const isOld = context.legacy === true && request.headers.all(scheme.header).length === 0;
    return isOld ? verifyLegacy(request, context) : verifyCurrent(request, context);
  },
  sign: signHmac(scheme),
  decode: decodePayloadForm,
  identify: ({ headers, json }) => [
    { id: headers.one('X-GitHub-Delivery'), type: headers.one('X-GitHub-Event'), payload: json, idUnsigned: true },
  ],
  sample: githubSamples,
});
