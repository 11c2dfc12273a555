#!/bin/sh
# One load unit as one pipeline:   opening, fence, data, fence, commit token  |  the taking end
#
#   lane.sh FOLDER
#
# The supervisor starts it in a new session, in its folder, which the argument names for people only: by its path another one could be found by
# now. It has written the folder beforehand: dump.sh writes the unit's data, load.sh takes them, by whatever
# method, and throttle.sh, where there is one, passes them on. From then on it needs nobody. It leaves there
#   pid         "PID STARTTIME BOOTID" of this process
#   dump.log    what dump.sh said          dump.exit   its exit status
#   fence.seen  the replica's fence before the dump, how that ended, the fence after it
#   load.log    what load.sh said
#   log         the statements with their row counts as they happen, and at the end what both said: for people, and for progress
#   times       "LINE SECONDS", when a line of the log came, in seconds since 1970; the last is for all lines from there on
#   bytes       what went down the pipe; passed: how much of it throttle.sh has written itself
#   token       for rows in binary form, and with its room from the beginning: the commit token; sent: how many rows dump.sh has sent
#   ending      written by whoever wants the lane to end, before it is signalled
#   exit        "DUMP LOAD", the exit statuses of both ends; `-` for an end that was killed before it could tell
#
# A pipe is no transaction: psql takes the end of a killed pg_dump for the end of the data. So the commit is the last thing that goes
# down the pipe (for binary rows: into the file that is read after it), and only after dump.sh ended with 0 and the replica was at P, paused, before it and after it. Without it, end of file
# rolls back. The fence's psql runs the dump itself (fence.sql, \!): one session on the replica that lives through the data, for a crash
# recovery of the replica ends every backend, and in it sessions see rows from before P.
#
# What decides is kept in variables. The files are for others: they may fail to be written on a full disk, and days of loading must not
# hang on them. All of them are there already, the short ones with their room (`1<>` overwrites it), so that no disk is too full for them.
set -u
umask 077

# A TERM to the whole group ends both ends of the pipeline; this process stays to write down how they ended. The ends take it again by
# default: a shell resets its traps in those that it forks.
trap : TERM INT

# For a batch job the kernel wakes nobody early: psql writes its pipe in pieces of 4 kB, and whoever reads it would interrupt it at each. It saves a fifth of what
# the clients of a lane need of a processor (docs/decisions/0082). What is started from here inherits it; where it is not allowed, nothing is other.
chrt -b -p 0 "$$" > /dev/null 2>&1 || :

start_time=$(sed 's/.*) //' "/proc/$$/stat" | cut -d ' ' -f 20)
printf '%s %s %s' "$$" "$start_time" "$(cat /proc/sys/kernel/random/boot_id)" 1<> pid

# Without its opening the data would commit by itself, table by table.
opening=$(cat opening.sql) && closing=$(cat closing.sql) && expected=$(cat fence.expected) || exit 1
[ -n "$opening" ] && [ -n "$closing" ] && [ -n "$expected" ] || exit 1

produce() {
  # Who ends a lane leaves word here before he signals. A signal that came before this process was there to take it is obeyed here.
  [ ! -e ending ] || return
  printf '%s\n' "$opening"
  # Descriptor 7 is the pipe: what the dump writes goes there, what the fence prints comes back here.
  exec 7>&1
  seen=$(PGPASSWORD=${LONGHAUL_REPLICA_PASSWORD-} sh ./fence.sh 2>> fence.log)
  printf '%s' "$seen" 1<> fence.seen
  [ "$seen" = "$expected" ] || return
  # Behind binary rows nothing can follow in the pipe: the taking end reads this file once the pipe has ended, and nobody but us holds that open by now.
  if [ -e token ]; then
    printf '%s\n' "$closing" 1<> token
  else
    printf '%s\n' "$closing"
  fi
}

# Passes on what the unit's data are, no faster than throttle.sh says; where that is not there the pipe is as it is. Whoever kills it ends the pipe before the token.
throttled() {
  if [ -e throttle.sh ]; then
    produce | throttle | consume
  else
    produce | consume
  fi
}

# What it passes on is counted twice in this process's account; whether pv writes it itself or has the kernel move it is for pv to choose.
throttle() {
  sh ./throttle.sh 2>> throttle.log
  while read -r key value; do
    [ "$key" = wchar: ] && printf '%s' "$value" 1<> passed
  done < /proc/self/io
}

consume() {
  PGPASSWORD=${LONGHAUL_TARGET_PASSWORD-} sh ./load.sh 2>> load.log
  echo $? >&3
}

# Writes down when each line came, without a process for each. It must not end before its input does: tee would end, and psql with it.
stamp() {
  now=$(date +%s)
  read -r up rest < /proc/uptime
  booted=$((now - ${up%.*}))
  lines=0
  while IFS= read -r line; do
    lines=$((lines + 1))
    read -r up rest < /proc/uptime
    printf '%s %s\n' "$lines" "$((booted + ${up%.*}))" >> times
  done
  printf '%s %s\n' "$((lines + 1))" "$(date +%s)" >> times
}

# psql takes it for a failed statement when its echo cannot be written; tee only passes over what the disk does not take.
load=$({ throttled | tee -a log 2> /dev/null | stamp 2> /dev/null; } 3>&1)
cat dump.log load.log >> log
[ ! -e throttle.sh ] || cat throttle.log >> log

# The kernel adds what the children wrote to this process's account when it reaps them; writes to sockets are not counted.
while read -r key value; do
  [ "$key" = wchar: ] || continue
  passed=$(tr -dc 0-9 < passed)
  printf '%s' "$((value - ${passed:-0}))" 1<> bytes
done < "/proc/$$/io"

# A kill of the producing side alone leaves no dump.exit.
dump=$(tr -d ' \n' < dump.exit)
printf '%s %s' "${dump:--}" "${load:--}" 1<> exit
