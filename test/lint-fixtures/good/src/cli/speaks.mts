import { request } from 'undici';

console.log(process.env['HOME'], request, fetch);
