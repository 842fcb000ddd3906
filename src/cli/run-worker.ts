import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { startWorkerProcess } from '../runtime/worker-process.ts';
import { runService } from './run-service.ts';
import { startTemporalRuntime } from './temporal-runtime.ts';

/** Runs chains and actions until it is stopped. */
export function runWorker(command: Command): Promise<void> {
  return runService(command, 'worker', async (service) => {
    const { mail, warehouse } = service.settings;
    if (mail.smtp === undefined || warehouse.url === undefined || warehouse.secret === undefined)
      throw new HooklineError('bug.unexpected', { expected: 'settings that were checked for production' });
    const runtime = await startTemporalRuntime(service.log);
    service.addMetrics(runtime.readMetrics);
    try {
      const worker = await startWorkerProcess({
        ...service,
        outside: { smtpUrl: mail.smtp, warehouse: { url: warehouse.url, secret: warehouse.secret }, allow: [] },
      });
      return { ...worker, facts: {} }; // whose last connection takes the runtime with it
    } catch (error) {
      await runtime.close();
      throw error;
    }
  });
}
