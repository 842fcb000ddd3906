import { expect, test } from 'vitest';
import { toHandshakeCause } from '../../src/ingress/handshake-cause.ts';

test.each([
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'certificate'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'certificate'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'certificate'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'certificate'],
  ['ERR_SSL_HTTP_REQUEST', 'plain'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'protocol'],
  ['ERR_SSL_NO_APPLICATION_PROTOCOL', 'protocol'],
  ['ERR_SSL_NO_SHARED_CIPHER', 'protocol'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'protocol'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'aborted'],
  ['ERR_SSL_DECRYPT_ERROR', 'other'],
  [undefined, 'other'],
])('a handshake that failed with %s counts as `%s`', (code, cause) => {
  expect(toHandshakeCause(code)).toBe(cause);
});
