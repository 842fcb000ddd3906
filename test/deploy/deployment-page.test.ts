import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownServices, readCompose, readExampleEnv, ROOT, textOf } from './compose-file.ts';

const page = textOf('docs/deployment.md');

describe('docs/deployment.md', () => {
  it('tells of every service', () => {
    expect(Object.keys(readCompose().services).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('has every variable in its table', () => {
    const used = ownServices().flatMap(([, { environment }]) => Object.keys(environment ?? {}));
    const rows = page.split('\n').filter((line) => line.startsWith('| `') || line.startsWith('| what'));
    expect([...new Set([...used, ...readExampleEnv().keys()])].filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual(
      [],
    );
  });

  it('gives the stop periods of docker-compose.yml', () => {
    const waits = (name: string): string => `${Number.parseInt(readCompose().services[name]?.stop_grace_period ?? '', 10)} s |`;
    expect(page).toMatch(new RegExp(`^\\| \`ingress\` .*${waits('ingress-1').replace('|', '\\|')}$`, 'm'));
    expect(page).toMatch(new RegExp(`^\\| \`worker\` .*${waits('worker').replace('|', '\\|')}$`, 'm'));
    expect(page).toMatch(new RegExp(`^\\| \`admin\` .*${waits('admin').replace('|', '\\|')}$`, 'm'));
  });

  it('links and names what is there', () => {
    const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, file = '']) => join('docs', file));
    const named = [
      'deploy/example.env',
      'deploy/hookline.yaml',
      'deploy/nginx/nginx.conf',
      'deploy/temporal/schema.sh',
      'scripts/build.ts',
    ];
    expect(links.length).toBeGreaterThan(5);
    expect([...links, ...named].filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    for (const file of named) expect(page).toContain(file.split('/').at(-1));
  });
});
