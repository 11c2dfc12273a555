#!/bin/sh
# npm run demo [-- --plain]: sets up everything, makes a lab of three real servers under a live write load, and runs Phase I on it.
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

bin/longhaul lab up --folder "$folder" --size "${LONGHAUL_LAB_SIZE:-1}"
trap finish EXIT
bin/longhaul --config "$config" check
bin/longhaul --config "$config" plan
bin/longhaul --config "$config" run "$@"
bin/longhaul lab verify --folder "$folder"
