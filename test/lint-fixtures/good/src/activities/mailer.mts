import { createTransport } from 'nodemailer';

export const make = createTransport;
