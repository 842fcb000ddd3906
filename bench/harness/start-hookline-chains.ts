import type { ChainWork, RunningChains } from './chain-system.ts';
import { startHookline, type HooklineOptions } from './start-hookline.ts';
import { countFinished, prepareSteps } from './steps-table.ts';
import type { World } from './world.ts';

/** Starts a Hookline that carries out chains of three actions, on a tuned development server. */
export async function startHooklineChains(
  world: World,
  { work, processes }: { readonly work: ChainWork; readonly processes: NonNullable<HooklineOptions['processes']> },
): Promise<RunningChains> {
  const temporal = await world.temporal('tuned');
  const hookline = await startHookline(world, { temporalAddress: temporal, processes, work });
  await prepareSteps(hookline.database, work);
  return { ...hookline, temporal, finished: () => countFinished(hookline.database, work) };
}
