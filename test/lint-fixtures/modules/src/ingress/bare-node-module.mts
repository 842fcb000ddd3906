import { readFile } from 'fs/promises'; // bad: unicorn/prefer-node-protocol

export const read = readFile;
