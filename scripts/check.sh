#!/bin/sh
# Everything that must hold before a commit, but for the tests with real servers. Silent where all is well.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH
tsc
oxlint -f unix src test bench
oxfmt --check src test bench > /dev/null || { echo "not formatted: npm run format" >&2; exit 1; }
depcruise --config .dependency-cruiser.mjs --output-type err src > .depcruise.log || { cat .depcruise.log >&2; exit 1; }
rm -f .depcruise.log
knip --no-progress
# Its report is wanted only where something fails.
report=$(mktemp)
NO_COLOR=1 vitest run --project pure > "$report" 2>&1 || { cat "$report"; rm -f "$report"; exit 1; }
rm -f "$report"
