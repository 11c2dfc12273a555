#!/bin/sh
# One load unit as a pipeline of its own:   opening, pg_dump, fence, commit token  |  psql
#
#   lane.sh FOLDER
#
# The supervisor starts it in a session of its own and writes the folder beforehand; from then on it needs nobody. It leaves there
#   pid         "PID STARTTIME BOOTID" of this process
#   dump.log    what pg_dump said          dump.exit   its exit status
#   fence.seen  where the replica stood after the dump
#   load.log    what psql said
#   log         the statements with their row counts as they happen, and at the end what both said: for people, and for progress
#   bytes       what went down the pipe
#   exit        "DUMP LOAD", the exit statuses of both ends; `-` for an end that was killed before it could tell
#
# A pipe is no transaction: psql takes the end of a killed pg_dump for the end of the data. So the commit is the last thing that goes
# down the pipe, and only after pg_dump ended with 0 and the replica still stood at P. Without it, end of file rolls back.
set -u
umask 077
cd "$1" || exit 1

# A TERM to the whole group ends both ends of the pipeline; this process stays to write down how they ended.
trap : TERM INT

start_time=$(sed 's/.*) //' "/proc/$$/stat" | cut -d ' ' -f 20)
printf '%s %s %s\n' "$$" "$start_time" "$(cat /proc/sys/kernel/random/boot_id)" > pid.new
mv pid.new pid

produce() {
  cat opening.sql
  PGPASSWORD=${LONGHAUL_REPLICA_PASSWORD-} sh ./dump.sh 2> dump.log
  status=$?
  echo "$status" > dump.exit
  cat dump.log >> log
  [ "$status" -eq 0 ] || return
  PGPASSWORD=${LONGHAUL_REPLICA_PASSWORD-} sh ./fence.sh > fence.seen 2> fence.log
  cmp -s fence.seen fence.expected && cat closing.sql
}

produce | PGPASSWORD=${LONGHAUL_TARGET_PASSWORD-} sh ./load.sh >> log 2> load.log
load=$?
cat load.log >> log

# The kernel adds what the children wrote to this process's account when it reaps them; writes to sockets are not counted.
while read -r key value; do
  [ "$key" = wchar: ] && echo "$value" > bytes
done < "/proc/$$/io"

# A kill of the producing side alone leaves no dump.exit.
dump=-
[ -f dump.exit ] && dump=$(cat dump.exit)
printf '%s %s\n' "$dump" "$load" > exit.new
mv exit.new exit
