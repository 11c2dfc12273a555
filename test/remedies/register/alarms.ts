import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

/** What alarms and probes say. */
export const OF_ALARMS: readonly Remedy[] = [
  ...of('probes/judge/run-alarms.ts', [
    [
      'ask its owner to end it: it keeps slots from being made and restart_lsn from moving…',
      'a transaction is open for long',
      forPeople('what its owner says; source.open-transaction carries it out'),
    ],
    [
      '; where nobody answers, on the primary, as superuser: …',
      'a transaction is open for long',
      forPeople('a part of: source.open-transaction carries it out'),
    ],
    [
      'COMMIT PREPARED or ROLLBACK PREPARED',
      'a transaction is prepared for long',
      forPeople('a part of: which of both is right is for the owner to say'),
    ],
    [
      'ask its owner which; then on the primary, …',
      'a transaction is prepared for long',
      forPeople('which of both is right is for the owner to say; source.open-transaction carries both out'),
    ],
    [
      'it is asked again by itself; see that the server is up, reachable and not overloaded. What it watches is not watched meanwhile',
      'a probe has seen nothing for long',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'no unit can commit any more; …',
      'the replica was promoted while P is needed',
      forPeople('a part of: let `replica` in longhaul.yaml name another standby'),
    ],
    [
      'no unit can commit any more; take a new P: C, or longhaul run --from pause-replay (what is loaded is loaded again)',
      'the replica has left P while it is needed',
      carriedOut(
        'test/e2e/faults/crash-recovery.test.ts',
        'its remedy pauses again, proves P, and the run comes to its end with every row',
      ),
    ],
    [
      'resume it (r, or longhaul resume …): it ends at once, and begins again by itself unless its rows are committed',
      'the target has let a paused lane go',
      carriedOut(
        'test/e2e/console/console.test.ts',
        'pauses a lane and sees what stays held, resumes it, cancels it by its name and retries it',
      ),
    ],
    [
      'see its disk, its rights and longhaul.yaml; it goes on by itself once that is mended',
      'Longhaul cannot write its files, or run a script',
      carriedOut(
        'test/e2e/faults/full-jump-box.test.ts',
        'lanes go on and commit, commands are refused with the reason, and the journal stays whole',
      ),
    ],
    [
      'see its log (l, or longhaul logs …), and on replica and target what it waits for: SELECT pid, wait_event_type, pg_blocking_pids(pid), state FROM pg_stat_activity WHERE application_name LIKE …; longhaul cancel … gives it up, none of its rows stay',
      'nothing goes through the pipe of a lane',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
  ]),
  ...of('probes/judge/wraparound-alarms.ts', [
    [
      'ask its owner to end it',
      'a transaction keeps vacuum from freezing',
      forPeople('what its owner says; source.open-transaction carries it out'),
    ],
    [
      'on the primary, as superuser, in …: VACUUM (FREEZE); autovacuum does it as well, unless it is switched off or too slow',
      'a database was last frozen long ago',
      situations('wraparound.xid'),
    ],
    [
      'vacuum freezes nothing more as long as … is there: …; then on the primary, as superuser, in …: VACUUM (FREEZE)',
      'a slot or a transaction keeps vacuum from freezing',
      situations('wraparound.xid'),
    ],
  ]),
  ...of('probes/judge/capture/slot-alarms.ts', [
    [
      ', for a standby that is down cannot come back without it',
      'a standby is down',
      forPeople("a part of: it is not Longhaul's: ask who reads it"),
    ],
    [
      "it is not Longhaul's: ask who reads it…; only if nobody will, on the primary, as superuser: SELECT pg_drop_replication_slot(…)",
      'somebody’s slot holds WAL',
      situations('slot.retained'),
    ],
    [
      'its changes are lost, and P with them: …',
      'a slot of ours is lost',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'tells the journal that P is lost, and the next run takes new slots and a new P by itself',
      ),
    ],
    [
      '…; make room on the WAL volume',
      'a slot of ours holds much WAL',
      forPeople('makes room on a disk that others use'),
    ],
    [
      '…; a release would free nothing, for slot … holds the same WAL: …',
      'a slot of ours and one of somebody else hold the same WAL',
      forPeople('a part of: it is not Longhaul’s; slot.retained carries it out'),
    ],
    [
      'on the primary, as superuser, at once: ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf()',
      'the WAL of a slot of ours goes at the next checkpoint',
      situations('slot.unreserved'),
    ],
    [
      'see why what applies it reads it no more: its alarms, its log and that of the target say so',
      'nobody reads a slot of ours any more',
      forPeople('what its log says'),
    ],
    [
      'start change capture at P …',
      'nobody reads a slot of ours after the load',
      carriedOut(
        'test/e2e/hand-off/proof-ages.test.ts',
        'that change capture has begun is said once, by the run’s name; then slots may move, and the last proof is told',
      ),
    ],
  ]),
  ...of('probes/watch/run-command.ts', [
    [
      'run the command of … in longhaul.yaml by hand, as the user that runs longhaul',
      'a command of longhaul.yaml has failed',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
  ...of('probes/watch/server-link.ts', [
    [
      'it is asked again in … min, so that it does not collect them',
      'a server takes connections and answers on none',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
  ]),
  ...of('probes/watch/within.ts', [
    [
      'it is asked again by itself; see whether the server is up and the network lets through',
      'a server does not answer in time',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
  ]),
  ...of('probes/watched/disk.ts', [
    [
      'let it print them, as `df -B1 --output=avail,size /var/lib/postgresql` does',
      'the command for a disk prints something else',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a command that prints no two numbers'),
    ],
    [
      'on the source, as superuser, from 10 on: GRANT pg_monitor TO the role in longhaul.yaml; or have it measured there: disks.….command',
      'the role may not see the size of pg_wal',
      forPeople('names a right only; grants/source.sql grants it, in every lab'),
    ],
  ]),
  ...of('domain/reading/receiver-lost.ts', [
    [
      'let the load end, and resume-replay brings the receiver back: until then only its physical slot, which fills the disk of the primary, or wal_keep_size keep WAL for it; without, it may have to be made anew; the logs of both servers say why it was lost',
      'a paused replica receives nothing any more',
      carriedOut('test/probes/watch/watch.pg.test.ts', 'that gets no WAL any more is an alarm'),
    ],
  ]),
];
