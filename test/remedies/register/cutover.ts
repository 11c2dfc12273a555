import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const STORY = 'test/e2e/cutover/hand-over.test.ts';
const BACK = 'test/e2e/cutover/back-out.test.ts';
const THERE_AND_BACK = 'test/e2e/back/there-and-back.test.ts';
const CLEANED = 'and what the move has made is taken away';
const HANDS_OVER = 'hands over every row that was committed';
const GOES_BACK = 'has writes allowed again, the target closed, change capture going on, and nothing left';
const GOES_ON = 'is gone on with by the next supervisor';
const AGAIN = 'that is taken back %s';

const LEFT = carriedOut('test/e2e/cutover/never-closed.test.ts', 'is handed over though somebody wrote on the source');

/** What the cutover says. */
export const OF_CUTOVER: readonly Remedy[] = [
  ...of('cli/supervisor/follow-cutover.ts', [
    [
      'longhaul cutover --back-out allows them again; longhaul status shows how far it is',
      'a cutover cannot go on',
      carriedOut(BACK, GOES_BACK),
    ],
  ]),
  ...of('domain/rules/cutover.ts', [
    [
      'there is nothing to end: longhaul status shows how each step has ended',
      'no comparison goes on behind a hand-over',
      forPeople('says that there is nothing to do'),
    ],
    [
      'longhaul cutover --yes … goes on',
      'the way back is asked for while the target is being opened',
      carriedOut(BACK, GOES_ON),
    ],
    [
      'A cutover is under way: longhaul cutover --back-out takes it back, and writes are allowed on the source again.',
      'a command is given at another moment of a cutover',
      carriedOut(BACK, GOES_BACK),
    ],
    [
      'cut over by hand, as docs/cutover.md has it',
      'a command is given at another moment of a cutover',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
    [
      'longhaul accept lists them; mend them and longhaul run, or accept them',
      'a command is given at another moment of a cutover',
      forPeople('what is accepted as it is, somebody has to say'),
    ],
    [
      'longhaul back leads back without losing a row',
      'the target was opened, and a way back was made',
      forPeople('whether to go back is theirs to say; test/e2e/back carries longhaul back out'),
    ],
    [
      'no way back was made (cutover.reverse): what is to be mended is mended on the target',
      'the target was opened, and no way back was made',
      forPeople('what is to be mended there, who uses it knows'),
    ],
    [
      'longhaul cutover --back-out takes it back',
      'a command is given at another moment of a cutover',
      carriedOut(BACK, GOES_BACK),
    ],
    [
      'longhaul cutover --yes … goes on where it is not handed over yet; …, and longhaul clean-up ends the run without going back',
      'a command is given at another moment of a cutover',
      carriedOut(BACK, GOES_ON),
    ],
    ['longhaul run', 'a command is given at another moment of a cutover', carriedOut(STORY, HANDS_OVER)],
    [
      'the run was handed over, and the target takes writes; its constraints are being validated.',
      'a command is given at another moment of a cutover',
      forPeople('says that there is nothing to do'),
    ],
    [
      'the run was handed over to the target. longhaul clean-up --yes … takes away what the move has left.',
      'a command is given at another moment of a cutover',
      carriedOut(STORY, CLEANED),
    ],
    [
      'the run was handed over to the target. longhaul back leads back without losing a row; longhaul clean-up --give-up-way-back --yes … ends that, and takes away what the move has left.',
      'a command is given at another moment of a cutover',
      carriedOut(THERE_AND_BACK, 'clean-up is refused while the way back is open, and then leaves nothing'),
    ],
    [
      'The cutover was taken back, and the source takes writes: …. Once that is mended: longhaul cutover --yes …',
      'a command is given at another moment of a cutover',
      carriedOut(BACK, AGAIN),
    ],
    [
      'The run was handed over; constraints are still to be validated: longhaul cutover --yes … goes on with it.',
      'a command is given at another moment of a cutover',
      carriedOut(BACK, GOES_ON),
    ],
    [
      'The target is being opened for writes, and it was not seen to be: longhaul cutover --yes … goes on with it.',
      'a command is given at another moment of a cutover',
      carriedOut(BACK, GOES_ON),
    ],
    [
      'there is nothing to do',
      'a command is given at another moment of a cutover',
      forPeople('says that there is nothing to do'),
    ],
    [
      'there is nothing to do: writes are allowed on the source',
      'a command is given at another moment of a cutover',
      forPeople('says that there is nothing to do'),
    ],
  ]),
  ...of('engine/cutover/by-command.ts', [
    [
      'do by hand what was not undone; longhaul status shows whether change capture goes on',
      'an undo of the operator’s commands fails while a cutover is taken back',
      forPeople('what a command of the operator has done, its operator undoes'),
    ],
    [
      'longhaul status shows what they wait for',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/cutover/fence.ts', [
    [
      'wait until it is over (pg_stat_progress_vacuum), or end it on the source, as a superuser where it is an autovacuum: SELECT pg_terminate_backend(PID); one against wraparound comes back until VACUUM (FREEZE) has been through its table; then longhaul cutover',
      'a cutover cannot go on',
      carriedOut(
        'test/engine/cutover/guards-shut.pg.test.ts',
        'DDL that does not end is named before the writes are stopped, nobody waits behind the locks, and they are had once it was ended',
      ),
    ],
    [
      'wait for its end, or end it on the source where its owner agrees; then longhaul cutover',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/cutover/short-locks.ts', [
    [
      '…; then run the same command again',
      'somebody keeps a table locked that the cutover needs for a moment',
      carriedOut(BACK, 'is named with what ends it before the writes are stopped'),
    ],
  ]),
  ...of('engine/cutover/own-slots.ts', [
    ['SELECT * FROM … WHERE …', 'rows are on the source alone', LEFT],
    [
      'the rows that were inserted or updated are on the source, which takes no writes: …; bring those that are wanted to the target by hand, and delete there what was deleted',
      'rows are on the source alone',
      LEFT,
    ],
    [
      'see who that is, and how he writes to a database that is read-only; then longhaul cutover',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/cutover/quiet.ts', [
    [
      'end these sessions, and commit or roll back what is prepared; then longhaul cutover',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/cutover/sequences/copy-positions.ts', [
    [
      'end whoever takes numbers from them on the target, then longhaul cutover',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/steps/cutover/drain.ts', [
    [
      'longhaul status shows what each slot waits for; once all have caught up: longhaul cutover',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/steps/cutover/hand-over.ts', [
    [
      'it is tried again; see who sets default_transaction_read_only for its database',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
    ['longhaul cutover begins it again', 'a cutover cannot go on', carriedOut(BACK, AGAIN)],
  ]),
  ...of('engine/steps/cutover/validate-constraints.ts', [
    [
      'mend the rows that it names on the target, then longhaul cutover',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/cutover/rehearse.ts', [
    [
      'wait until it is over before the cutover: an autovacuum is ended by its server as the cutover begins, unless it is one against wraparound; everything else keeps the cutover from beginning',
      'maintenance is at work on a table',
      carriedOut(
        'test/engine/cutover/guards-shut.pg.test.ts',
        'is ended before the writes are stopped, and nobody is kept from writing by it',
      ),
    ],
    [
      'give Longhaul’s role pg_monitor, as examples/grants has it; before 10, membership in the roles that have sessions there',
      'clients are hidden from our role',
      carriedOut(STORY, HANDS_OVER),
    ],
    [
      'give Longhaul’s role pg_signal_backend, as examples/grants has it; before 9.6, membership in the roles that have sessions there',
      'clients cannot be ended by our role',
      carriedOut(STORY, HANDS_OVER),
    ],
    [
      'as a superuser on the source, before the cutover: SELECT pg_terminate_backend(PID)',
      'superusers are connected',
      forPeople('whose session it is, and whether it may be ended, they know'),
    ],
    [
      'cutover.reverse: no, or cdc.engine: native or pglogical',
      'a way back is wanted of an engine that has none',
      forPeople('which of the two is wanted, they decide'),
    ],
    [
      'wait until it has caught up (cdc.caught_up_wal, cdc.caught_up_lag): the capture pane and longhaul status show each slot',
      'change capture is behind',
      forPeople('only waiting helps'),
    ],
    [
      'on the source, before the cutover: ALTER ROLE … RESET default_transaction_read_only (or NOLOGIN)',
      'roles write to a read-only database',
      forPeople('why a role writes all the same, its owner knows'),
    ],
    [
      'let their owner commit them or roll them back',
      'a transaction is prepared',
      forPeople('what is prepared, its owner decides'),
    ],
    [
      'run examples/grants/cutover-source.sql as a superuser, or give these tables to an owner that our role is a member of',
      'tables cannot be shut',
      carriedOut(STORY, HANDS_OVER),
    ],
    [
      'run examples/grants/cutover-source.sql as a superuser, or set cutover.lock to no',
      'tables cannot be locked',
      carriedOut(STORY, HANDS_OVER),
    ],
  ]),
];
