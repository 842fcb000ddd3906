import type { Command } from 'commander';
import { startIngress } from '../runtime/ingress-process.ts';
import { runService } from './run-service.ts';

/** `ingress`: takes webhooks and starts runs. */
export function addIngress(program: Command): void {
  program
    .command('ingress')
    .description('take webhooks and start their runs, as a process of its own')
    .action((_options: object, command: Command) =>
      runService(command, 'ingress', async (service) => {
        const ingress = await startIngress(service);
        service.log.info({ port: ingress.port, address: service.settings.ingress.host }, 'ready');
        return { ended: new Promise<never>(() => {}), close: ingress.close };
      }),
    );
}
