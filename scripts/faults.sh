#!/bin/sh
# npm run faults [-- --count N | --full] [--seed N] [--phase load|cdc …]: faults at random moments; those of the load have two stories before them.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH
npm run -s build

case " $* " in
  *' --phase load '* | *' --phase=load '*) stories=yes ;;
  *' --phase'*) stories=no ;;
  *) stories=yes ;;
esac
if [ "$stories" = yes ]; then
  LONGHAUL_NIGHTLY=1 vitest run --project servers test/e2e/faults/killed-in-parts.test.ts test/e2e/faults/rate.test.ts
fi
exec node test/faults/main.ts "$@"
