import { randomBytes } from 'node:crypto';
import { createSenderKey, type SenderKey } from './faults/sender-key.ts';
import { SOURCE } from './make-events.ts';
import type { Vendors } from './vendors.ts';

/** What the settings of a drill's processes name, by variable. */
export interface DrillSecrets {
  /** As its sender holds it; which ones the processes accept is up to the fleet. */
  readonly SHOP_SECRET: SenderKey;
  readonly WAREHOUSE_SECRET: string;
  readonly CRM_TOKEN: string;
  readonly TEAM_URL: string;
}

/** A random secret of the shop. */
export function createShopSecret(): string {
  return randomBytes(32).toString('hex');
}

/** Random secrets for one drill. */
export function createDrillSecrets({ urls }: Pick<Vendors, 'urls'>): DrillSecrets {
  return {
    SHOP_SECRET: createSenderKey(createShopSecret()),
    WAREHOUSE_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    CRM_TOKEN: randomBytes(32).toString('hex'),
    TEAM_URL: urls.team,
  };
}

/** The variables with the secrets that sign the shop's webhooks, the newest first. */
export function toShopVariables(accepted: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(accepted.map((secret, index) => [`SHOP_SECRET_${index + 1}`, secret]));
}

/** The settings file of one process. */
export function toDrillSettings({
  urls,
  temporalAddress,
  ports,
  accepted,
}: Pick<Vendors, 'urls'> & {
  readonly temporalAddress: string;
  readonly ports: { readonly ingress: number; readonly admin: number };
  /** Secrets of the shop that sign, the newest first. */
  readonly accepted: readonly string[];
}): string {
  return `sources:
  ${SOURCE}: { provider: hookline, secrets: [${Object.keys(toShopVariables(accepted))
    .map((name) => `'\${${name}}'`)
    .join(', ')}] }
ingress: { port: ${ports.ingress} }
admin: { port: ${ports.admin} }
temporal: { address: '${temporalAddress}', namespace: default }
mail: { smtp: '${urls.mail}', from: 'Shop <shop@example.com>', messageIdDomain: example.com }
warehouse: { url: '${urls.warehouse}', secret: '\${WAREHOUSE_SECRET}' }
crm: { url: '${urls.crm}', bearer: '\${CRM_TOKEN}' }
support: { teamUrl: '\${TEAM_URL}' }
http: { allow: ['127.0.0.1'] }
starter: { leaseMs: 5000 }
worker: { shutdownGraceMs: 6000 }
`;
}
