import { buildConnector } from 'undici';

export const used = buildConnector;
