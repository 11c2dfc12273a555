import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

/** What is said about P and its slots. */
export const OF_BOUNDARY: readonly Remedy[] = [
  ...of('domain/pg/boundary.ts', [
    [
      'on the replica, as superuser (before 10 it is called pg_xlog_replay_resume): SELECT pg_wal_replay_resume(); then longhaul run --from pause-replay takes a new P, at which everything is loaded again',
      'everything is to be loaded again while P holds',
      carriedOut(
        'test/remedies/nightly-stale.pg.test.ts',
        'a generated column whose function was replaced after check',
      ),
    ],
    [
      'let `replica` in longhaul.yaml name another standby of the source, made anew where there is none; then longhaul run --from pause-replay (what is loaded is loaded again)',
      'the replica was promoted',
      carriedOut('test/remedies/nightly-servers.pg.test.ts', 'the replica was promoted after P'),
    ],
    [
      'longhaul run --from pause-replay pauses again, takes a new P, proves it and loads again what was loaded',
      'the replica has left P',
      carriedOut(
        'test/e2e/faults/crash-recovery.test.ts',
        'its remedy pauses again, proves P, and the run comes to its end with every row',
      ),
    ],
  ]),
  ...of('domain/reading/slots-away.ts', [
    [
      'if change capture reads it: longhaul cdc-started --yes …; if not, …',
      'a slot of ours was read after the load',
      carriedOut(
        'test/e2e/hand-off/proof-ages.test.ts',
        'that change capture has begun is said once, by the run’s name; then slots may move, and the last proof is told',
      ),
    ],
    [
      'its changes from P on are lost: …',
      'a slot of ours was read before the load is over',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'tells the journal that P is lost, and the next run takes new slots and a new P by itself',
      ),
    ],
    [
      'longhaul release --yes …, then longhaul run: new slots, a new P, and what is loaded is loaded again',
      'what a slot of ours held is lost',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'tells the journal that P is lost, and the next run takes new slots and a new P by itself',
      ),
    ],
  ]),
  ...of('domain/run/reduce/boundary.ts', [
    [
      'new slots and a new P: longhaul run; longhaul abort gives the run up',
      'the slots were released',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'tells the journal that P is lost, and the next run takes new slots and a new P by itself',
      ),
    ],
  ]),
  ...of('engine/prove/cdc-started.ts', [
    [
      'finish the load first: longhaul run',
      'change capture is said to have begun before the load is over',
      carriedOut('test/remedies/commands.test.ts', 'is a command that is not refused in the same state'),
    ],
    [
      'there is nothing to do',
      'it was said already',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'type …',
      'another word than the name of the run was typed',
      forPeople('a word that is typed anew: nothing was done'),
    ],
  ]),
  ...of('engine/prove/judge-boundary.ts', [
    [
      " (before 12: recovery_target_timeline = 'latest' in its recovery.conf) or be made anew from that primary",
      'source and replica are on different timelines',
      carriedOut('test/remedies/nightly-servers.pg.test.ts', 'the replica follows a clone that was promoted'),
    ],
    [
      '`source` and `replica` in longhaul.yaml must name a primary and its own standby',
      'source and replica are no pair',
      forPeople('names another server in longhaul.yaml'),
    ],
    [
      '`source` in longhaul.yaml must name the primary that the run was begun with',
      'source is another primary',
      forPeople('names another server in longhaul.yaml'),
    ],
    [
      '`source` must name the primary of today, `replica` a standby that streams from it; after a failover the replica has to follow',
      'source and replica are on different timelines',
      carriedOut('test/remedies/nightly-servers.pg.test.ts', 'the replica follows a clone that was promoted'),
    ],
    [
      'end what reads …, for it moves the slot away from P; on the source, as superuser: SELECT pg_terminate_backend(…)',
      'somebody reads a slot of ours',
      situations('prove-boundary.endReader'),
    ],
    [
      'if that is change capture: longhaul cdc-started --yes …; if not, …',
      'somebody reads a slot of ours after the load',
      carriedOut(
        'test/e2e/hand-off/proof-ages.test.ts',
        'that change capture has begun is said once, by the run’s name; then slots may move, and the last proof is told',
      ),
    ],
    [
      'longhaul plan --fresh; where the source has no table to replicate, cdc.engine: none in longhaul.yaml',
      'no table is to be replicated',
      carriedOut(
        'test/remedies/nightly-held.pg.test.ts',
        'is told before anything is copied, and gets slots by a fresh plan',
      ),
    ],
    [
      'longhaul run --from …',
      'it is not known when the last table was added',
      carriedOut('test/remedies/nightly-held.pg.test.ts', 'a journal that does not say when the last table was added'),
    ],
    [
      'longhaul run --from pause-replay takes a new P once the replica has caught up',
      'the replica is not paused at P',
      carriedOut(
        'test/e2e/faults/crash-recovery.test.ts',
        'its remedy pauses again, proves P, and the run comes to its end with every row',
      ),
    ],
    [
      'somebody took them out, and what was written since is lost: …',
      'a table was taken out of its sets',
      carriedOut(
        'test/e2e/hand-off/proof-ages.test.ts',
        'a table that was taken out of its sets keeps the replica paused, and the remedy puts it back',
      ),
    ],
    [
      'the replica has WAL that this primary has not: `source` is not the server that it streams from',
      'source is not the primary of the replica',
      forPeople('names another server in longhaul.yaml'),
    ],
  ]),
  ...of('engine/prove/prove.ts', [
    [
      'longhaul run --from capture-boundary',
      'there is no P to prove',
      carriedOut(
        'test/e2e/faults/crash-recovery.test.ts',
        'its remedy pauses again, proves P, and the run comes to its end with every row',
      ),
    ],
  ]),
  ...of('engine/steps/boundary/capture-boundary.ts', [
    [
      'longhaul run --from pause-replay pauses it again; see that nothing else (a backup script, a failover manager) resumes or promotes it',
      'the replica moves while P is read',
      carriedOut(
        'test/e2e/faults/crash-recovery.test.ts',
        'its remedy pauses again, proves P, and the run comes to its end with every row',
      ),
    ],
  ]),
  ...of('engine/steps/boundary/pause-clear-of-locks.ts', [
    [
      "on the source find who holds it, SELECT pid, relation::regclass FROM pg_locks WHERE mode = 'AccessExclusiveLock', wait for its end or end it (SELECT pg_terminate_backend(PID)); then run again. timeouts.pause is how long the run waits",
      'a table is locked where replay is paused',
      carriedOut(
        'test/cases/stories/exclusive-lock.pg.test.ts',
        'a lock that does not end within timeouts.pause: the table is named, and replay goes on',
      ),
    ],
  ]),
  ...of('engine/steps/boundary/pause-replay.ts', [
    [
      'a query on the replica may hold replay up (pg_stat_activity, max_standby_streaming_delay): end it, then run again',
      'replay does not come to its pause',
      carriedOut('test/remedies/nightly-load.pg.test.ts', 'a query on the replica holds replay up at'),
    ],
    [
      'let `replica` in longhaul.yaml name a streaming standby of the source, made anew where there is none; then run again',
      'the replica is no standby',
      forPeople('names another server in longhaul.yaml'),
    ],
    [
      'where a query on the replica holds replay up (pg_stat_activity), end it; else see that it streams from the source and catches up (pg_stat_wal_receiver, pg_stat_replication); then run again; timeouts.pause is how long the run waits for it',
      'the replica does not catch up',
      carriedOut('test/remedies/nightly-load.pg.test.ts', 'a query on the replica holds replay up before'),
    ],
  ]),
];
