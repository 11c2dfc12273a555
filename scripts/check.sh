#!/bin/sh
# Everything that must hold before a commit, but for the tests with real servers. Silent where all is well.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install-packages.sh
PATH=$PWD/node_modules/.bin:$PATH
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT
# A command whose report is wanted only where it fails.
quiet() { NO_COLOR=1 "$@" > "$kept/report" 2>&1 || { cat "$kept/report" >&2; exit 1; }; }

tsc
oxlint -f unix src test bench
oxfmt --check src test bench > /dev/null || { echo "not formatted: npm run format" >&2; exit 1; }
quiet depcruise --config .dependency-cruiser.mjs --output-type err src
knip --no-progress
# The file that people install, not the folder that it is made of.
quiet npm pack --pack-destination "$kept"
quiet publint --strict "$kept"/longhaul-*.tgz
quiet vitest run --project pure
