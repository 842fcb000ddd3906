export const named = process.env['TEMPORAL_CLI'];
