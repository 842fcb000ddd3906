import type { DeliveryOutcome } from '../contracts/webhook.ts';

/** A delivery's row, without its body. */
export interface DeliveryRow {
  readonly id: string;
  readonly source: string;
  readonly receivedAt: Date;
  readonly remoteAddress: string | null;
  /** Allow-listed lines, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bodySha256: Buffer;
  readonly bodyBytes: number;
  readonly outcome: DeliveryOutcome;
  readonly httpStatus: number;
  readonly code: string | null;
  readonly detail: string | null;
  /** Normalised, of this source. */
  readonly eventIds: readonly string[];
  /** Which of the live secrets had signed; null where none had. */
  readonly secretIndex: number | null;
  readonly bodyDiffers: boolean;
}

/** The columns of `DeliveryRow`, as SQL names them. */
export const DELIVERY =
  'id, source, received_at, remote_address, headers, body_sha256, body_bytes, outcome, http_status, cause, detail, event_ids, secret_index, body_differs';

/** Columns of `DeliveryRow`. */
export interface DeliveryColumns {
  readonly id: string;
  readonly source: string;
  readonly received_at: Date;
  readonly remote_address: string | null;
  readonly headers: DeliveryRow['headers'];
  readonly body_sha256: Buffer;
  readonly body_bytes: number;
  readonly outcome: DeliveryOutcome;
  readonly http_status: number;
  readonly cause: string | null;
  readonly detail: string | null;
  readonly event_ids: readonly string[];
  readonly secret_index: number | null;
  readonly body_differs: boolean;
}

/** Makes a delivery of its columns. */
export function toDeliveryRow(row: DeliveryColumns): DeliveryRow {
  return {
    id: row.id,
    source: row.source,
    receivedAt: row.received_at,
    remoteAddress: row.remote_address,
    headers: row.headers,
    bodySha256: row.body_sha256,
    bodyBytes: row.body_bytes,
    outcome: row.outcome,
    httpStatus: row.http_status,
    code: row.cause,
    detail: row.detail,
    eventIds: row.event_ids,
    secretIndex: row.secret_index,
    bodyDiffers: row.body_differs,
  };
}
