import { request } from 'undici'; // bad: no-restricted-imports
import { get } from 'node:https'; // bad: no-restricted-imports
import { request as requestPlain } from 'node:http'; // bad: no-restricted-imports
import { createTransport } from 'nodemailer'; // bad: no-restricted-imports

export const calls = [request, get, requestPlain, createTransport, () => fetch('http://127.0.0.1')]; // bad: no-restricted-globals
