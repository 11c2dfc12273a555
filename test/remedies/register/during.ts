import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const DURING = 'test/e2e/native/during.test.ts';
const LARGE = 'test/e2e/native/during-large.test.ts';
const HISTORY = 'test/e2e/native/during-promotion.test.ts';
const TAKEN = 'test/e2e/capture/taken-out.test.ts';
const VOID = 'test/e2e/capture/void.test.ts';
const ORDER = 'test/e2e/capture/wrong-order.test.ts';
const BORN = 'a table that is made meanwhile is an alarm, and once adopted it is equal, whatever its writers do';
const LEFT_OUT = 'a table that is not to be moved is left out, and neither alarm nor cutover speaks of it any more';
const PAUSED = 'a slot that is paused keeps what comes, and brings it once it is resumed';
const SKIPPED =
  'a transaction that cannot be applied is shown, and skipped by its position alone; its table has to be compared';
const NAMED = forPeople('is completed on the command line that was wrong; nothing was touched');

/** What is said of change capture that runs, whichever engine. */
export const OF_DURING: readonly Remedy[] = [
  ...of('cli/commands/cdc/cdc-commands.ts', [
    [
      'longhaul run begins it once the load is in',
      'change capture has not begun',
      forPeople('the run goes on with it'),
    ],
  ]),
  ...of('domain/rules/refused-in-cdc.ts', [
    [
      'every table is captured; one that was made a moment ago is seen within a minute',
      'a table is captured already',
      NAMED,
    ],
    ['longhaul cdc resume …', 'a slot is paused', carriedOut(DURING, PAUSED)],
    [
      'longhaul … --back-out takes it back',
      'a cutover or a way back is under way',
      carriedOut(
        'test/e2e/cutover/back-out.test.ts',
        'has writes allowed again, the target closed, change capture going on, and nothing left',
      ),
    ],
    [
      'longhaul status shows how far it is',
      'one side is being opened',
      forPeople('says where to look: it goes on by itself'),
    ],
    [
      'longhaul run begins it once the load is in',
      'change capture has not begun',
      forPeople('the run goes on with it'),
    ],
    ['name it with its schema: public.events', 'a table is named without its schema', NAMED],
    ['these are: …', 'another table is named', NAMED],
  ]),
  ...of('domain/run/capture/capture-state.ts', [
    ['longhaul adopt …', 'a table is not captured', carriedOut(DURING, BORN)],
    [
      'longhaul compare --again …',
      'a comparison is owed',
      forPeople('a comparison is made and nothing is changed by it; what it finds has remedies of its own'),
    ],
  ]),
  ...of('engine/capture/guard/check-read-only.ts', [
    [
      'on the target, as superuser: ALTER DATABASE … OWNER TO …; or cdc.target_read_only: no in longhaul.yaml',
      'the role does not own the target’s database',
      forPeople('whose the database is to be, its owner says'),
    ],
    [
      'take it away for as long as changes are applied, or see that they write nothing there',
      'a role of the target may write all the same',
      forPeople('what that role is for, its owner says'),
    ],
  ]),
  ...of('engine/capture/control/by-command.ts', [
    [
      'longhaul cdc skip … shows what it would drop',
      'another transaction is in the way now',
      carriedOut(DURING, SKIPPED),
    ],
    [
      'longhaul cdc resume …',
      'a slot that is stopped is to be started again',
      carriedOut(ORDER, 'what is done to a slot that somebody has disabled says so, and goes on once it is resumed'),
    ],
    [
      'longhaul cdc resume …; then longhaul cdc skip …',
      'a slot that is stopped is to skip a transaction',
      carriedOut(ORDER, 'what is done to a slot that somebody has disabled says so, and goes on once it is resumed'),
    ],
    ['longhaul status says how it is, and the alarms what to do', 'the engine cannot do what was asked', NAMED],
    [
      'longhaul status says how it is: a worker that waits for a lock, or is cut off by a time-out, gets past it once that is mended',
      'nothing is in the way',
      carriedOut(
        LARGE,
        'a transaction that takes longer than a time-out lets it is named, with its size; no skip is offered, and it passes after the remedy',
      ),
    ],
    ['the slots are …', 'a slot that the run has not', NAMED],
    [
      'whoever started it stops, resumes and mends it',
      'change capture is somebody else\u2019s',
      forPeople('whose change capture it is'),
    ],
  ]),
  ...of('engine/capture/guard/watch-source.ts', [
    [
      'nothing is kicked, resumed or made again for it; if the old source comes back, and nobody has written to another, begin there; else a new run: longhaul abort --yes …, then longhaul run',
      'the source is another',
      carriedOut(
        HISTORY,
        'after a promotion the run says from where it is void, and nothing is resumed or skipped any more',
      ),
    ],
    [
      'nothing is kicked, resumed or made again for it; a new run: longhaul abort --yes …, then longhaul run',
      'a slot was made again, or the target was set back',
      carriedOut(
        VOID,
        'a slot that is dropped and made again under its worker makes the run void, and a new run is equal',
      ),
    ],
  ]),
  ...of('engine/capture/native/control/control.ts', [
    [
      'longhaul run says what is to be done: start-cdc checks it',
      'a subscription is gone',
      forPeople('whoever has dropped it'),
    ],
    [
      'longhaul run sets it to P and enables it',
      'a subscription is not at P',
      forPeople('as start-cdc, which carries it out'),
    ],
    [
      'on the target, as superuser: ALTER ROLE "…" SUPERUSER; or mend what is in the way, and it goes on by itself',
      'the role may not skip',
      forPeople('the same statement as where the role may not subscribe'),
    ],
    [
      "see the target's log: the server may have found another transaction first; longhaul cdc skip … shows which it is now",
      'a skip has not passed',
      forPeople('what the log says'),
    ],
  ]),
  ...of('engine/capture/control/must-be-little.ts', [
    [
      "mend what the target's log names, and it goes on by itself; or, when the source can bear that, raise cdc.peek_wal in longhaul.yaml and start the supervisor anew: longhaul shutdown; longhaul run",
      'the slot keeps more WAL than a peek may cost',
      forPeople('what the source can bear'),
    ],
  ]),
  ...of('engine/capture/slots/wait-unread.ts', [
    [
      'see whose it is (pg_stat_replication on the …), let it end, and give the command again',
      'somebody reads the slot of a subscription that is disabled',
      forPeople('whose session it is, its owner says'),
    ],
  ]),
  ...of('engine/tools/pipe-tools.ts', [
    [
      'mend what it names, then give the command again; nothing of it was kept',
      'a copy has failed',
      forPeople('what psql names'),
    ],
  ]),
  ...of('probes/judge/capture/cut-off.ts', [
    [
      "nothing is to be skipped: it is not wrong, only large; on the source, as superuser: ALTER SYSTEM SET wal_sender_timeout = '30min'; SELECT pg_reload_conf(); on the target, as superuser: ALTER SYSTEM SET wal_receiver_timeout = '30min'; SELECT pg_reload_conf()",
      'a worker is cut off by a time-out',
      carriedOut(
        LARGE,
        'a transaction that takes longer than a time-out lets it is named, with its size; no skip is offered, and it passes after the remedy',
      ),
    ],
  ]),
  ...of('probes/judge/capture/guard-alarms.ts', [
    [
      'compare it before the cutover, which is refused until then',
      'a comparison is owed',
      forPeople('a comparison is made and nothing is changed by it; what it finds has remedies of its own'),
    ],
    [
      'let whoever that is write to the source, and the writing end there; what it has written the source does not have: compare its tables before anything is built on them',
      'somebody writes to the target',
      forPeople('who writes there'),
    ],
    [
      'longhaul compare --again …: the cutover is refused before it is equal; where it differs, longhaul adopt … --yes … copies it anew',
      'a comparison is owed',
      carriedOut(TAKEN, 'a table whose comparison is owed and that differs is copied anew'),
    ],
    [
      "on the source, as its owner: SET lock_timeout = '2s'; ALTER TABLE … REPLICA IDENTITY FULL; or its primary key again, and REPLICA IDENTITY DEFAULT",
      'a captured table has lost its replica identity',
      carriedOut(
        TAKEN,
        'a table that loses its key is told at once, and the remedy lets the application update it again',
      ),
    ],
    ['longhaul adopt … --yes …', 'a table is not captured', carriedOut(DURING, BORN)],
    ['once change capture has begun: …', 'a table was made before change capture began', carriedOut(DURING, BORN)],
    [
      'or leave it out: tables.exclude in longhaul.yaml, then longhaul shutdown; longhaul run',
      'a table that is not to be moved is not captured',
      carriedOut(ORDER, LEFT_OUT),
    ],
    [
      'see who writes there (pg_stat_activity); on the target, as its owner: ALTER DATABASE … SET default_transaction_read_only = on',
      'somebody has opened the target',
      carriedOut(LARGE, 'a target that somebody has opened is told, and closed by what that says'),
    ],
  ]),
];
