#!/bin/sh
# npm run handoffs [-- --engine native|pglogical] [--count N | --full] [--seed N] [--no-pairs]: the faults of an engine's change capture first, then hand-offs at
# a random P among writers.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH
npm run -s build

engine=native
before=
for word in "$@"; do
  [ "$before" = --engine ] && engine=$word
  case $word in --engine=*) engine=${word#--engine=} ;; esac
  before=$word
done

LONGHAUL_NIGHTLY=1 vitest run --project servers "test/e2e/$engine"
exec node test/handoffs/main.ts "$@"
