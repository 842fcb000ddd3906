import { randomBytes } from 'node:crypto';
import { SOURCE } from './make-events.ts';
import type { Vendors } from './vendors.ts';

/** What the settings of a drill's processes name, by variable. */
export interface DrillSecrets {
  readonly SHOP_SECRET: string;
  readonly WAREHOUSE_SECRET: string;
  readonly CRM_TOKEN: string;
  readonly TEAM_URL: string;
}

/** Random secrets for one drill. */
export function createDrillSecrets({ urls }: Pick<Vendors, 'urls'>): DrillSecrets {
  return {
    SHOP_SECRET: randomBytes(32).toString('hex'),
    WAREHOUSE_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    CRM_TOKEN: randomBytes(32).toString('hex'),
    TEAM_URL: urls.team,
  };
}

/** The settings file of one process. */
export function toDrillSettings({
  urls,
  temporalAddress,
  ports,
}: Pick<Vendors, 'urls'> & {
  readonly temporalAddress: string;
  readonly ports: { readonly ingress: number; readonly admin: number };
}): string {
  return `sources:
  ${SOURCE}: { provider: hookline, secrets: ['\${SHOP_SECRET}'] }
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
