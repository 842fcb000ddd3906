#!/bin/sh
# Makes Temporal's two databases, or brings them to the newest schema of this image. May run again at any time.
set -eu

for database in temporal temporal_visibility; do
  folder=temporal
  if [ "$database" = temporal_visibility ]; then folder=visibility; fi
  sql() {
    temporal-sql-tool --plugin postgres12 --ep temporal-postgres -p 5432 -u temporal --db "$database" "$@"
  }
  # both fail where they have been done before; where they fail for another reason, the update fails too and says why
  sql create || true
  sql setup-schema -v 0.0 || true
  sql update-schema -d "/etc/temporal/schema/postgresql/v12/$folder/versioned"
done
