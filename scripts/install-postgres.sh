#!/bin/sh
# Makes sure that the lab and the tests find a PostgreSQL with pglogical, and tmux. Silent when all is there.
# On Debian and Ubuntu it installs what is missing, as root or through sudo without a password; elsewhere it says what to install.
# No cluster of the system's is made: the lab makes its own.
set -eu

say() { echo "install-postgres: $*" >&2; }

# The newest major that has both the server and pglogical's library.
have_postgres() {
  for bin in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
    if [ -x "$bin/initdb" ] && [ -x "$bin/pgbench" ] && [ -f "${bin%/bin}/lib/pglogical.so" ]; then return 0; fi
  done
  return 1
}

missing=
have_postgres || missing='PostgreSQL with pglogical'
command -v tmux > /dev/null || missing="${missing:+$missing and }tmux"
[ -n "$missing" ] || exit 0

if ! command -v apt-get > /dev/null; then
  say "$missing: not found, and this is no Debian or Ubuntu."
  say "Install the PostgreSQL server, its contrib extensions, pglogical and tmux, then run this again."
  exit 1
fi

if [ "$(id -u)" -eq 0 ]; then
  as_root() { "$@"; }
elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
  as_root() { sudo -n "$@"; }
else
  say "$missing: not found, and only root may install it. Run this as somebody who may:"
  say "  sudo sh $0"
  exit 1
fi

log=$(mktemp "${TMPDIR:-/tmp}/install-postgres.XXXXXX")
run() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@" > "$log" 2>&1 || {
    cat "$log" >&2
    say "failed: $*"
    say "Look at /etc/apt/sources.list and the network, then run this again. The log is $log."
    exit 1
  }
}

say "installing $missing (apt-get)"
run apt-get update
# Read by postgresql-15's installation: without it a cluster of the system's would be made and started on port 5432.
run apt-get install -y --no-install-recommends postgresql-common
if ! grep -Eq '^[[:space:]]*create_main_cluster[[:space:]]*=[[:space:]]*false' /etc/postgresql-common/createcluster.conf; then
  run sh -c 'echo "create_main_cluster = false" >> /etc/postgresql-common/createcluster.conf'
fi
command -v tmux > /dev/null || run apt-get install -y --no-install-recommends tmux
# For load.rate alone: nobody is kept waiting for it.
command -v pv > /dev/null || run apt-get install -y --no-install-recommends pv
if ! have_postgres; then
  # Debian 12 has 15; another release has another number, and pglogical's package says which.
  major=$(apt-cache search --names-only '^postgresql-[0-9]+-pglogical$' | sed 's/^postgresql-\([0-9]*\)-.*/\1/' | sort -n | tail -n 1)
  if [ -z "$major" ]; then
    say "no package postgresql-NN-pglogical is known to apt."
    say "Add PostgreSQL's own repository: https://wiki.postgresql.org/wiki/Apt"
    exit 1
  fi
  run apt-get install -y --no-install-recommends "postgresql-$major" "postgresql-client-$major" "postgresql-$major-pglogical"
fi
rm -f "$log"
