#!/bin/sh
# Runs a command as the only one for a run:   with-lock.sh LOCKFILE COMMAND ARGUMENT…
#
# The lock is the kernel's and goes with the process, however it dies. Node closes inherited descriptors on exec, so the lanes that
# it starts do not hold it. It waits a little for one that is just ending; exit 75 (EX_TEMPFAIL) says that somebody else has it.
set -u
umask 077
lock=$1
shift
exec 9>> "$lock" || exit 1
flock -w 5 9 || exit 75
exec "$@"
