/** Why handshakes fail, as a metric tells it: few words, so that no sender can make more. */
export type HandshakeCause = 'certificate' | 'plain' | 'protocol' | 'timeout' | 'aborted' | 'other';

/**
 * Sorts Node's and OpenSSL's codes: the sender does not take our certificate, speaks plain HTTP, wants a protocol that we do not
 * speak, is too slow, or was gone. Some senders that do not take a certificate just go: those are `aborted`.
 */
export function toHandshakeCause(code: string | undefined): HandshakeCause {
  if (code === undefined) return 'other';
  if (/ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)$/.test(code)) return 'certificate';
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'plain';
  if (/PROTOCOL|NO_SHARED_CIPHER|VERSION/.test(code)) return 'protocol';
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'timeout';
  return code === 'ECONNRESET' ? 'aborted' : 'other';
}
