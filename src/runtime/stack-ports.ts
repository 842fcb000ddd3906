import { findFreePort } from './free-port.ts';

/** Ports of a stack on loopback. */
export interface StackPorts {
  readonly ingress: number;
  readonly admin: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly smtp: number;
  readonly mail: number;
  readonly warehouse: number;
}

/** The ports that people know from each tool, taken where they are free. */
const USUAL = { temporal: 7233, temporalUi: 8233, smtp: 1025, mail: 8025, warehouse: 8790 } as const;
const HOST = '127.0.0.1';

/** Chooses a stack's ports: the usual ones or the next free ones; a port that was given is never moved. */
export async function chooseStackPorts({
  settings,
  given,
  anyPorts = false,
}: {
  readonly settings: { readonly [listener in 'ingress' | 'admin']: { readonly port: number } };
  readonly given: ReadonlySet<string>;
  readonly anyPorts?: boolean;
}): Promise<StackPorts> {
  const taken = new Set<number>();
  const choose = async (preferred: number, strict = false): Promise<number> => {
    const port = await findFreePort({ host: HOST, except: taken, strict, preferred: anyPorts && !strict ? undefined : preferred });
    taken.add(port);
    return port;
  };
  const chooseListener = async (listener: 'ingress' | 'admin'): Promise<number> => {
    const { port } = settings[listener];
    return port === 0 ? 0 : choose(port, given.has(`${listener}.port`));
  };
  return {
    ingress: await chooseListener('ingress'),
    admin: await chooseListener('admin'),
    temporal: await choose(USUAL.temporal),
    temporalUi: await choose(USUAL.temporalUi),
    smtp: await choose(USUAL.smtp),
    mail: await choose(USUAL.mail),
    warehouse: await choose(USUAL.warehouse),
  };
}
