import { InvalidArgumentError } from 'commander';

/** The whole URL, path and query as they are given, of somebody else's listener; http or https, and no password in it. */
export function parseForward(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new InvalidArgumentError('expected a whole URL such as `https://shop.example/hooks/orders`, without user and password.');
  return url.href;
}
