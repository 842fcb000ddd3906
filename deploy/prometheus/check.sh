#!/usr/bin/env bash
# Has promtool (Debian: `prometheus`) read everything in this folder and every question of Grafana's dashboard, and play alerts.test.yml.
# Needs node, and openssl for a certificate in the place of the real one, since promtool opens the files that prometheus.yml names.
set -euo pipefail
cd "$(dirname "$0")"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp ./*.yml "$work"
mkdir "$work/secrets"
echo not-a-token > "$work/secrets/token"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=hookline -days 1 \
  -keyout "$work/key" -out "$work/secrets/ca.crt" 2> /dev/null
# promtool reads expressions in rules only: each panel's is made one
node -e '
  const { readFileSync, writeFileSync } = require("node:fs");
  const targets = JSON.parse(readFileSync("../grafana/hookline.json", "utf8")).panels.flatMap((panel) => panel.targets ?? []);
  const rules = targets.map(({ expr }, index) => ({ record: `panel:${index}`, expr: expr.replaceAll("$__rate_interval", "1m") }));
  writeFileSync(process.argv[1], JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
' "$work/dashboard.json"

cd "$work"
promtool check rules alerts.yml
promtool check rules dashboard.json
promtool check config prometheus.yml
promtool check config one-machine.yml
promtool test rules alerts.test.yml
