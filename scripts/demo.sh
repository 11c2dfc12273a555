#!/bin/sh
# npm run demo [-- --engine native] [--source-bin DIR] [--plain]: sets up everything, makes a lab of three real servers under a live write load, and runs Phase I on it;
# with --engine native, pglogical or dms (the lab's stand-in for AWS) change capture as well, until it has caught up; the cutover,
# and with native and pglogical the way back and what is taken away in the end. --source-bin names the server programs of an old source (9.6).
# Without --plain it opens the console. The lab is taken down at the end, unless LONGHAUL_KEEP_LAB is set.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install-packages.sh
sh scripts/install-postgres.sh
# Node reads the sources' types away, but not JSX: the console comes from the build.
npm run -s build

folder=${LONGHAUL_LAB:-/tmp/longhaul-demo-$(id -u)}
config=$folder/longhaul.yaml
finish() {
  status=$?
  if [ -z "${LONGHAUL_KEEP_LAB:-}" ]; then
    bin/longhaul --config "$config" shutdown --lanes --yes rehearsal > /dev/null 2>&1 || true
    bin/longhaul lab down --folder "$folder" || true
  else
    echo "The lab goes on in $folder: bin/longhaul lab down --folder $folder ends it."
  fi
  exit "$status"
}

engine=
verify=
cutover=
back=
if [ "${1:-}" = --engine ]; then
  engine="--engine $2"
  case $2 in native | pglogical | dms) verify=--stop-writes ;; esac
  case $2 in native | pglogical | dms) cutover=yes ;; esac
  case $2 in native | pglogical) back=--way-back ;; esac
  shift 2
fi

source=
if [ "${1:-}" = --source-bin ]; then
  source=$2
  shift 2
fi

# shellcheck disable=SC2086 # one option or none
bin/longhaul lab up $engine $back ${source:+--source-bin "$source"} --folder "$folder" --size "${LONGHAUL_LAB_SIZE:-1}"
trap finish EXIT
bin/longhaul --config "$config" check
# The sentinels' tables are of the plan, as every table is: they have to be there when it is made.
[ -z "$verify" ] || bin/longhaul --config "$config" run --plain --until create-sentinels
bin/longhaul --config "$config" plan
bin/longhaul --config "$config" run "$@"
# shellcheck disable=SC2086
bin/longhaul lab verify $verify --folder "$folder"
[ -n "$cutover" ] || exit 0
bin/longhaul --config "$config" cutover --check
bin/longhaul --config "$config" cutover --plain --yes rehearsal
if [ -n "$back" ]; then
  bin/longhaul --config "$config" back --plain --yes rehearsal
  bin/longhaul --config "$config" cutover --plain --yes rehearsal
fi
bin/longhaul --config "$config" clean-up --give-up-way-back --yes rehearsal
bin/longhaul --config "$config" report
