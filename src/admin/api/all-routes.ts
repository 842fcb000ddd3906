import { alerts } from './alerts.ts';
import { audit } from './audit.ts';
import type { Route } from './define-route.ts';
import { deliveries } from './deliveries.ts';
import { effects } from './effects.ts';
import { entities } from './entities.ts';
import { events } from './events.ts';
import { find } from './find.ts';
import { notices } from './notices.ts';
import { replays } from './replays.ts';
import { routes } from './routes.ts';
import { runs } from './runs.ts';
import { sources } from './sources.ts';
import { stock } from './stock.ts';
import { switches } from './switches.ts';
import { tokens } from './tokens.ts';
import { why } from './why.ts';

/** Every route of the admin API: what is served, documented and tested is this table. */
export const allRoutes: readonly Route[] = [
  ...Object.values(deliveries),
  ...Object.values(events),
  ...Object.values(replays),
  ...Object.values(runs),
  ...Object.values(effects),
  ...Object.values(entities),
  ...Object.values(find),
  ...Object.values(why),
  ...Object.values(sources),
  ...Object.values(routes),
  ...Object.values(switches),
  ...Object.values(alerts),
  ...Object.values(notices),
  ...Object.values(stock),
  ...Object.values(audit),
  ...Object.values(tokens),
];
