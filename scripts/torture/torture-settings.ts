import { randomBytes } from 'node:crypto';
import { SOURCE } from '../drill/make-events.ts';

/** Random secrets for one rig, by the variables that its settings name. */
export function createTortureSecrets() {
  return {
    SHOP_SECRET: randomBytes(32).toString('hex'),
    WAREHOUSE_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    CRM_TOKEN: randomBytes(32).toString('hex'),
  };
}

/** Where a process of a rig finds everything. */
export interface TorturePlaces {
  readonly ingressPort: number;
  readonly adminPort: number;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly smtpUrl: string;
  readonly warehouseUrl: string;
  readonly crmUrl: string;
}

/** The settings file of one process: waits are as short as the settings have them, and what cannot be set is the product's own. */
export function toTortureSettings(places: TorturePlaces): string {
  return `sources:
  ${SOURCE}: { provider: hookline, secrets: ['\${SHOP_SECRET}'] }
ingress: { port: ${places.ingressPort} }
admin: { port: ${places.adminPort} }
temporal: { address: '${places.temporalAddress}', namespace: '${places.namespace}' }
mail: { smtp: '${places.smtpUrl}', from: 'Shop <shop@example.com>', messageIdDomain: example.com }
warehouse: { url: '${places.warehouseUrl}', secret: '\${WAREHOUSE_SECRET}' }
crm: { url: '${places.crmUrl}', bearer: '\${CRM_TOKEN}' }
support: { teamUrl: '\${TEAM_URL}' }
http: { allow: ['127.0.0.1'] }
starter: { leaseMs: 5000, sweepMs: 100 }
worker: { shutdownGraceMs: 2000 }
`;
}
