import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { HooklineError } from '../../src/contracts/errors.ts';
import { findFreePort, isPortFree } from '../../src/runtime/free-port.ts';

const host = '127.0.0.1';
const servers: Server[] = [];

async function occupy(port = 0): Promise<number> {
  const server = createServer().listen(port, host);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // a TCP server has this form of address
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

describe('findFreePort', () => {
  it('takes the preferred port when nothing is bound to it', async () => {
    const preferred = await findFreePort({ host });
    expect(await findFreePort({ host, preferred })).toBe(preferred);
  });

  it('goes on to a higher port when the preferred one is taken', async () => {
    const preferred = await occupy();
    const port = await findFreePort({ host, preferred });
    expect(port).toBeGreaterThan(preferred);
    expect(await isPortFree(port, host)).toBe(true);
  });

  it('refuses a taken port when no other will do', async () => {
    const preferred = await occupy();
    const error = await findFreePort({ host, preferred, strict: true }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HooklineError);
    expect(error).toMatchObject({
      code: 'stack.portTaken',
      message: `stack.portTaken: expected port ${preferred} free, in address 127.0.0.1`,
    });
  });

  it('leaves out ports that are promised to others', async () => {
    const preferred = await findFreePort({ host });
    expect(await findFreePort({ host, preferred, except: new Set([preferred]) })).toBeGreaterThan(preferred);
  });

  it('gives callers at the same time different ports, each of which can be bound', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => findFreePort({ host })));
    expect(new Set(ports).size).toBe(20);
    await Promise.all(ports.map((port) => occupy(port)));
  });
});
