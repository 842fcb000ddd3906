import type { DatabaseFacts } from '../../store/database-facts.ts';
import { bad, good, type Finding } from './finding.ts';

/** The oldest PostgreSQL that the statements of `src/store` are written for. */
const OLDEST = { number: 150_000, name: '15' } as const;
/** Times of receipt are this machine's, times of runs PostgreSQL's. */
const MOST_SKEW_MS = 2_000;

/** Whether a PostgreSQL keeps what it has acknowledged, is new enough, and has this code's schema. */
export function judgeDatabase(facts: DatabaseFacts, { clockDifferenceMs }: { readonly clockDifferenceMs: number }): readonly Finding[] {
  return [judgeVersion(facts), judgeDurability(facts), judgeSchema(facts), judgeClock(clockDifferenceMs)];
}

function judgeVersion({ version, versionNumber }: DatabaseFacts): Finding {
  const check = 'postgres';
  if (versionNumber >= OLDEST.number) return good(check, `PostgreSQL ${version} answers`);
  return bad('fail', { check, found: `PostgreSQL ${version}, older than ${OLDEST.name}`, fix: `upgrade it to ${OLDEST.name} or later` });
}

/** `local` and the `remote_*` levels of `synchronous_commit` all wait for this server's own disk (PostgreSQL manual, 19.5). */
function judgeDurability({ fsync, synchronousCommit, fullPageWrites }: DatabaseFacts): Finding {
  const check = 'durability';
  const off = [...(fsync === 'off' ? ['fsync'] : []), ...(synchronousCommit === 'off' ? ['synchronous_commit'] : [])];
  if (off.length === 0 && fullPageWrites === 'off')
    return bad('warn', {
      check,
      found: 'full_page_writes off: only a file system that never tears a page, such as ZFS, can do without',
      fix: '`ALTER SYSTEM SET full_page_writes = on`, then `SELECT pg_reload_conf()`',
    });
  if (off.length === 0) return good(check, `fsync ${fsync}, synchronous_commit ${synchronousCommit}`);
  return bad('fail', {
    check,
    found: `${off.join(' and ')} off: what was acknowledged may be lost in a crash`,
    fix: `${off.map((name) => `\`ALTER SYSTEM SET ${name} = on\``).join(', ')}, then \`SELECT pg_reload_conf()\`; look for \`ALTER ROLE\` and \`ALTER DATABASE\` too`,
  });
}

function judgeSchema({ schema, newestSchema }: DatabaseFacts): Finding {
  const check = 'schema';
  if (schema === newestSchema) return good(check, `version ${schema}`);
  if (schema < newestSchema)
    return bad('fail', { check, found: `version ${schema}, and this code needs ${newestSchema}`, fix: 'run `hookline setup`' });
  return bad('fail', {
    check,
    found: `version ${schema}, made by a newer Hookline than this one, which knows ${newestSchema}`,
    fix: 'run that version',
  });
}

function judgeClock(differenceMs: number): Finding {
  const check = 'clock';
  const seconds = (Math.abs(differenceMs) / 1_000).toFixed(1);
  if (Math.abs(differenceMs) < MOST_SKEW_MS) return good(check, `${seconds} s from PostgreSQL's`);
  const found = `this machine is ${seconds} s ${differenceMs > 0 ? 'ahead of' : 'behind'} PostgreSQL`;
  return bad('fail', { check, found, fix: 'have both machines keep time by NTP (`timedatectl set-ntp true`)' });
}
