#!/usr/bin/env bash
# Has the loader of `docker compose` itself (compose-go, whose schema is that of the Compose Specification) read docker-compose.yml, all
# profiles of it: every key, every form, and whether networks, volumes and services that are named are there. Needs Go, which fetches and
# builds it within seconds; no container engine.
set -euo pipefail
cd "$(dirname "$0")/.."

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
GOBIN="$work" CGO_ENABLED=0 go install github.com/compose-spec/compose-go/v2/cmd@v2.16.2 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
"$work/cmd" --no-interpolation docker-compose.yml > "$work/model.yml"
echo "docker-compose.yml: $(grep --count '^        image:' "$work/model.yml") services, as the Compose Specification has them"
