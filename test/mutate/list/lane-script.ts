import {mutationsOf, type Mutation} from '../mutation.ts';

const STUBS = ['test/engine/load/host/lane.test.ts', 'test/engine/load/host/guards-lane-script.test.ts'];

/** libexec/lane.sh, line by line. */
export const LANE_SCRIPT: readonly Mutation[] = [
  ...mutationsOf(
    'libexec/lane.sh',
    STUBS,
    ['the lane commits without looking at the fence', '  [ "$seen" = "$expected" ] || return\n', ''],
    [
      'the lane commits where the fence begins as it should',
      '[ "$seen" = "$expected" ] ||',
      '[ "${seen%%t*}" = "${expected%%t*}" ] ||',
    ],
    ['the lane never commits', '[ "$seen" = "$expected" ] ||', '[ "$seen" != "$expected" ] ||'],
    ['data without their opening commit table by table', '[ -n "$opening" ] && [ -n "$closing" ]', '[ -n "$closing" ]'],
    ['a lane without a commit token loads for days', '&& [ -n "$closing" ] ', ''],
    ['a lane without a fence loads', ' && [ -n "$expected" ] || exit 1', ' || exit 1'],
    ['the opening is not sent', '  printf \'%s\\n\' "$opening"\n', ''],
    ['others may read what the lane leaves', 'umask 077\n', 'umask 022\n'],
    ['a TERM leaves no word', 'trap : TERM INT\n', ''],
    ['the lane names another start', "cut -d ' ' -f 20", "cut -d ' ' -f 19"],
    ['the lane names another process', '"$$" "$start_time"', '"$PPID" "$start_time"'],
    ['the dump goes nowhere', '  exec 7>&1\n', '  exec 7> /dev/null\n'],
    ['the replica’s password is not given', 'PGPASSWORD=${LONGHAUL_REPLICA_PASSWORD-} ', ''],
    ['the target’s password is not given', 'PGPASSWORD=${LONGHAUL_TARGET_PASSWORD-} ', ''],
    ['the replica gets the target’s password', '${LONGHAUL_REPLICA_PASSWORD-}', '${LONGHAUL_TARGET_PASSWORD-}'],
    ['what the fence saw is not kept', '  printf \'%s\' "$seen" 1<> fence.seen\n', ''],
    ['what pg_dump said is not in the log', 'cat dump.log load.log >> log\n', 'cat load.log >> log\n'],
    ['how psql ended is not kept', '  echo $? >&3\n', ''],
    ['what psql said is not kept', 'sh ./load.sh 2>> load.log', 'sh ./load.sh 2> /dev/null'],
    ['a full disk fails the load', '| tee -a log 2> /dev/null | stamp 2> /dev/null; }', '>> log; }'],
    ['the fence’s words are not kept', 'sh ./fence.sh 2>> fence.log', 'sh ./fence.sh 2> /dev/null'],
    ['what went down the pipe is not counted', '[ "$key" = wchar: ] || continue', '[ "$key" = nothing: ] || continue'],
    ['the ends of the pipeline are not told', 'printf \'%s %s\' "${dump:--}" "${load:--}" 1<> exit\n', ''],
    ['a killed dump has ended well', '"${dump:--}"', '"${dump:-0}"'],
  ),
];
