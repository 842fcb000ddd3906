import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { installTemporalRuntime } from '../runtime/install-temporal-runtime.ts';
import { startWorkerProcess } from '../runtime/worker-process.ts';
import { runService } from './run-service.ts';

/** `worker`: runs chains and actions. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run chains and actions, as a process of its own')
    .action((_options: object, command: Command) =>
      runService(command, 'worker', async (service) => {
        const { mail, warehouse } = service.settings;
        if (mail.smtp === undefined || warehouse.url === undefined || warehouse.secret === undefined)
          throw new HooklineError('bug.unexpected', { expected: 'settings that were checked for production' });
        installTemporalRuntime(service.log);
        const worker = await startWorkerProcess({
          ...service,
          outside: { smtpUrl: mail.smtp, warehouse: { url: warehouse.url, secret: warehouse.secret }, allow: [] },
        });
        service.log.info({}, 'ready');
        return worker;
      }),
    );
}
