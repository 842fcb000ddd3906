import { describe, expect, it } from 'vitest';
import { problemsOf, settingsOf, useSettingsFolder } from '../../support/settings-folder.ts';

const { load } = useSettingsFolder();
const refused = (listener: string): string =>
  `settings.wrong: expected \`${listener}.tls\`, or a proxy in \`${listener}.trustProxy\` that ends TLS, for a listener beyond loopback, got neither, in hookline.yaml:1\n` +
  `  fix: give \`${listener}.tls\` certificate and key, or list the addresses from which your proxy connects in \`${listener}.trustProxy\`, or bind to \`127.0.0.1\``;

describe.each(['ingress', 'admin'] as const)('`%s` beyond loopback', (listener) => {
  it.each(['0.0.0.0', '::', '192.0.2.7', '2001:db8::1'])('is refused at `%s` where neither certificate nor proxy is declared', (host) => {
    expect(problemsOf(load(`${listener}: { host: '${host}' }`))).toEqual([refused(listener)]);
    expect(problemsOf(load(`${listener}: { host: '${host}', trustProxy: [] }`))).toEqual([refused(listener)]);
  });

  it.each(['0.0.0.0', '::', '192.0.2.7'])('is taken at `%s` behind a declared proxy', (host) => {
    const settings = settingsOf(load(`${listener}: { host: '${host}', trustProxy: 172.30.87.2 }`));
    expect(settings[listener]).toMatchObject({ host, trustProxy: ['172.30.87.2'] });
  });

  it('is taken with a certificate, whose paths are relative to the working directory', () => {
    const settings = settingsOf(load(`${listener}: { host: 0.0.0.0, tls: { cert: tls/cert.pem, key: /etc/key.pem } }`));
    expect(settings[listener].tls).toEqual({ cert: expect.stringMatching(/^\/.+\/tls\/cert\.pem$/) as string, key: '/etc/key.pem' });
  });

  it('is judged once where the declared proxy is no address', () => {
    expect(problemsOf(load(`${listener}: { host: 0.0.0.0, trustProxy: nginx }`))).toEqual([
      expect.stringContaining('expected addresses or CIDR ranges'),
    ]);
  });

  it.each([
    ['cert', 'key'],
    ['key', 'cert'],
  ])('is judged once where `tls.%s` comes without `tls.%s`', (file, other) => {
    expect(problemsOf(load(`${listener}:\n  host: 0.0.0.0\n  tls:\n    ${file}: a.pem`))).toEqual([
      `settings.wrong: expected \`${listener}.tls.${other}\` to be the path of a PEM file, got nothing, in hookline.yaml:4\n  fix: give certificate and key, or neither`,
    ]);
  });
});

describe('a listener on loopback', () => {
  it.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost'])('needs neither at `%s`', (host) => {
    expect(settingsOf(load(`ingress: { host: '${host}' }\nadmin: { host: '${host}' }`))).toMatchObject({
      ingress: { host },
      admin: { host },
    });
  });
});

describe('a host', () => {
  it.each(['hookline.example', 'fe80::1%eth0', '999.0.0.1', ''])('is an address, and never `%s`', (host) => {
    expect(problemsOf(load(`ingress: { host: '${host}', trustProxy: 172.30.87.2 }`))).toEqual([
      expect.stringContaining('expected an address, such as `127.0.0.1`, `::1` or `0.0.0.0`, or `localhost`'),
    ]);
  });
});
