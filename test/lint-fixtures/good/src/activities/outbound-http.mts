import { request } from 'undici';
import { Agent } from 'node:http';

export const used = [request, Agent, fetch];
