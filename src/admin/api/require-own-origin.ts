import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';

/**
 * Refuses what a page of somebody else's has a browser send: a request with another origin than our own, or that the browser calls
 * cross-site. Programs send neither header.
 */
export function requireOwnOrigin({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn = origin === undefined || [headers.host, headers['x-forwarded-host']].includes(hostOf(origin));
  if (isOwn && (site === undefined || site === 'same-origin' || site === 'none')) return;
  const expected = 'a request of our own pages, or of a program';
  throw new ApiError('api.forbidden', { expected, got: 'one that another page has sent', fix: 'use the command line, or our own page' });
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : ''; // `null` is nobody's
}
