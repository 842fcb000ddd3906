import type { Command } from 'commander';
import { startIngress } from '../runtime/ingress-process.ts';
import { runService } from './run-service.ts';

/** Takes webhooks and starts runs until it is stopped. */
export function runIngress(command: Command): Promise<void> {
  return runService(command, 'ingress', async (service) => {
    const ingress = await startIngress(service);
    return {
      facts: { port: ingress.port, address: service.settings.ingress.host },
      ended: new Promise<never>(() => {}),
      close: ingress.close,
    };
  });
}
