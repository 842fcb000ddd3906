import { HooklineError } from '../../../src/contracts/errors.ts';
import type { Answer, ModelConnection } from '../models/model-database.ts';
import type { DatabaseRequest } from '../models/model-pool.ts';
import type { Errands } from './errands.ts';
import { toFate, type Weather } from './weather.ts';
import type { Host, World } from './world.ts';

/** The way of one process to the database and back. */
export interface DatabaseLink {
  carry(request: DatabaseRequest): Promise<Answer>;
  /** What PostgreSQL notices, a little later, when the process dies. */
  cut(): void;
}

/** How long a statement whose sender is gone may still be on its way, and how long PostgreSQL keeps a transaction whose client is gone. */
const LATE_MS = 15_000;
const NOTICED_MS = 3_000;

/** Makes the way; each request takes its time, and meets its fate. */
export function createDatabaseLink({
  world,
  host,
  weather,
  errands,
  onLost,
}: {
  readonly world: World;
  readonly host: Host;
  readonly weather: Weather;
  readonly errands: Errands;
  /** Told of each request whose sender gets no answer. */
  readonly onLost: (what: string) => void;
}): DatabaseLink {
  const connections = new Set<ModelConnection>();
  const endSoon = (connection: ModelConnection): void => {
    errands.later(world.between(0, NOTICED_MS), () => connection.end());
  };
  return {
    carry: ({ connection, what, perform }) =>
      errands.carry((resolve, reject) => {
        connections.add(connection);
        const fate = toFate(world, weather.databaseLoss);
        const [thereMs, backMs] = [world.between(0, 8), world.between(0, 8)];
        const giveUp = (ms: number): void =>
          void world.after(ms, () => reject(new HooklineError('postgres.unavailable', { where: what })), host);
        if (fate === 'fine') {
          errands.later(thereMs, () => perform((answer) => void world.after(backMs, () => resolve(answer), host)));
          return;
        }
        giveUp(thereMs + backMs);
        onLost(what);
        if (fate === 'answerLost') errands.later(thereMs, () => perform(() => endSoon(connection)));
        if (fate === 'late') errands.later(world.between(thereMs, LATE_MS), () => perform(() => connection.end()));
        if (fate === 'lost') endSoon(connection);
      }),
    cut() {
      for (const connection of connections) endSoon(connection);
    },
  };
}
