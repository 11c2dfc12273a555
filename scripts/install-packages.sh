#!/bin/sh
# Makes sure that node_modules holds what package-lock.json names, on a fresh clone or after a pull. Silent when it does.
set -eu
cd "$(dirname "$0")/.."
npm ls > /dev/null 2>&1 || npm ci --no-audit --no-fund --loglevel=error
