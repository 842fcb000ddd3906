import { describe, expect, it } from 'vitest';
import { problemsOf, settingsOf, useSettingsFolder } from '../../support/settings-folder.ts';

const { load } = useSettingsFolder();
const REFUSED =
  'settings.wrong: expected `ingress.trustProxy` to name the proxy that ends TLS in front of a listener beyond loopback, got no proxy, in hookline.yaml:1\n' +
  '  fix: list the addresses from which your proxy connects in `ingress.trustProxy`, or bind to `127.0.0.1`: we speak HTTP, and never in public';

describe('a listener beyond loopback', () => {
  it.each(['0.0.0.0', '::', '192.0.2.7', '2001:db8::1'])('is refused at `%s` where no proxy is declared', (host) => {
    expect(problemsOf(load(`ingress: { host: '${host}' }`))).toEqual([REFUSED]);
    expect(problemsOf(load(`ingress: { host: '${host}', trustProxy: [] }`))).toEqual([REFUSED]);
  });

  it.each(['0.0.0.0', '::', '192.0.2.7'])('is taken at `%s` behind a declared proxy', (host) => {
    const { ingress } = settingsOf(load(`ingress: { host: '${host}', trustProxy: 172.30.87.2 }`));
    expect(ingress).toMatchObject({ host, trustProxy: ['172.30.87.2'] });
  });

  it('is judged once where the declared proxy is no address', () => {
    expect(problemsOf(load(`ingress: { host: 0.0.0.0, trustProxy: nginx }`))).toEqual([
      expect.stringContaining('expected addresses or CIDR ranges'),
    ]);
  });
});

describe('a listener on loopback', () => {
  it.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost'])('needs no proxy at `%s`', (host) => {
    expect(settingsOf(load(`ingress: { host: '${host}' }`)).ingress.host).toBe(host);
  });
});

describe('a host', () => {
  it.each(['hookline.example', 'fe80::1%eth0', '999.0.0.1', ''])('is an address, and never `%s`', (host) => {
    expect(problemsOf(load(`ingress: { host: '${host}', trustProxy: 172.30.87.2 }`))).toEqual([
      expect.stringContaining('expected an address, such as `127.0.0.1`, `::1` or `0.0.0.0`, or `localhost`'),
    ]);
  });
});
