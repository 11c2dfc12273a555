#!/bin/sh
# npm test: sets up what the tests need (packages, PostgreSQL with pglogical, tmux), then runs all of them but the nightly ones.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install-packages.sh
sh scripts/install-postgres.sh
# The tests with a real pty and real servers run what is packed.
npm run -s build
PATH=$PWD/node_modules/.bin:$PATH
export PATH
exec vitest run "$@"
