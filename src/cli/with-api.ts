import type { Command } from 'commander';
import type { ApiClient } from './api/api-client.ts';
import { openApi, type OpenApiOptions } from './api/open-api.ts';

/** Lends the admin API, wherever it is found, for as long as `use` runs. */
export async function withApi<Result>(
  command: Command,
  use: (api: ApiClient) => Promise<Result>,
  options: OpenApiOptions = {},
): Promise<Result> {
  const api = await openApi(command, options);
  try {
    return await use(api);
  } finally {
    await api.close();
  }
}
