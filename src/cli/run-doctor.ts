import type { Command } from 'commander';
import { toSources } from '../contracts/settings.ts';
import { bad, type Finding, type Level } from '../runtime/doctor/finding.ts';
import { judgeAlerts } from '../runtime/doctor/judge-alerts.ts';
import { judgeSecrets, judgeSettings } from '../runtime/doctor/judge-settings.ts';
import { loadSettings } from '../runtime/load-settings.ts';
import { toTemporalTarget } from '../runtime/stack-servers.ts';
import { createPool } from '../store/pool.ts';
import { examineDatabase, examineDisk, examineTemporal } from './doctor/examine.ts';
import { examineEdge } from './doctor/examine-edge.ts';
import { toPrintable } from '../admin/printable.ts';
import { quietLog } from './quiet-log.ts';
import { EXIT, type ExitCode } from './report.ts';
import { globalsOf, SettingsError } from './settings.ts';
import { createPaint, type Paint, type Tone } from './table.ts';
import { tell } from './tell.ts';
import { findWorkplace, type Workplace } from './workplace.ts';
import { world } from './world.ts';

const TONES: Readonly<Record<Level, Tone>> = { ok: 'good', info: 'faint', warn: 'busy', fail: 'bad' };

/** Checks everything, tells all of it, and ends with 1 where anything fails. */
export async function runDoctor(command: Command): Promise<ExitCode> {
  const globals = globalsOf(command);
  const findings = await examine(command);
  const failed = findings.some(({ level }) => level === 'fail');
  tell(globals, { document: { healthy: !failed, findings }, text: () => toScreen(findings, createPaint(process.stdout)) });
  return failed ? EXIT.failed : EXIT.ok;
}

async function examine(command: Command): Promise<readonly Finding[]> {
  const workplace = await findWorkplace(command).catch((error: unknown) => {
    if (error instanceof SettingsError) return undefined; // told as a finding
    throw error;
  });
  const { config, data } = globalsOf(command);
  const load = (mode: 'development' | 'production') =>
    loadSettings({ file: config, cwd: process.cwd(), env: process.env, mode, dataDir: data });
  const here = load('development');
  const isUp = workplace !== undefined && workplace.stack !== null; // a stack that runs has shown that its settings will do
  const settings = judgeSettings({ here, production: isUp ? here : load('production') });
  const inProduction = !isUp && here.ok && here.file !== undefined;
  return workplace === undefined ? [settings] : [settings, ...(await examinePlace(workplace, inProduction))];
}

async function examinePlace({ settings, stack }: Workplace, inProduction: boolean): Promise<readonly Finding[]> {
  const temporal =
    stack === null ? toTemporalTarget(settings, process.env) : { address: stack.temporalAddress, namespace: stack.temporalNamespace };
  return [
    judgeSecrets(toSources(settings)),
    ...examineEdge(settings, { inProduction, now: world.now() }),
    ...(await examineStore({ settings, stack })),
    ...(await examineTemporal(temporal, world.now)),
    judgeAlerts(settings.alerts),
    await examineDisk(settings.data),
  ];
}

async function examineStore({ settings, stack }: Workplace): Promise<readonly Finding[]> {
  const url = stack?.databaseUrl ?? settings.database.url;
  if (url === undefined) {
    const found = 'no stack runs here, and the settings name no database';
    return [bad('fail', { check: 'postgres', found, fix: 'start one with `npm start`, or name a database in `DATABASE_URL`' })];
  }
  const pool = createPool({ url, max: 1, applicationName: 'hookline-doctor', log: quietLog });
  try {
    return await examineDatabase(pool, { settings, now: world.now });
  } finally {
    await pool.close();
  }
}

function toScreen(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .flatMap(({ level, check, found, fix }) => [
      `${paint(TONES[level], level.padEnd(4))}  ${check.padEnd(width)}  ${toPrintable(found)}`,
      ...(fix === null ? [] : [`${' '.repeat(width + 8)}fix: ${toPrintable(fix)}`]),
    ])
    .join('\n');
}
