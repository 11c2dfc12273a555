import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const STORY = 'test/e2e/back/there-and-back.test.ts';
const BACK = carriedOut(STORY, 'back leads to the source without losing a row of those that were committed');
const AGAIN = carriedOut(STORY, 'and a second cutover hands over');
const CLEAN = carriedOut(STORY, 'clean-up is refused while the way back is open, and then leaves nothing');
const BACK_OUT = carriedOut(
  'test/e2e/back/killed-native.test.ts',
  'is taken back by the command that the screen names, and the target takes writes again',
);

/** What the way back says, and its preparation. */
export const OF_WAY_BACK: readonly Remedy[] = [
  ...of('cli/commands/cutover/back.ts', [
    [
      'longhaul status says on which side production is',
      'no way back is under way',
      forPeople('names a command that reads'),
    ],
  ]),
  ...of('engine/capture/native/reverse/prepare.ts', [
    [
      'cutover.reverse: no, and cut over without a way back',
      'a table was adopted after the way back was made ready',
      forPeople('whether there is to be a way back without it, they decide'),
    ],
  ]),
  ...of('cli/supervisor/follow-cutover.ts', [
    [
      'longhaul back --back-out allows them again; longhaul status shows how far it is',
      'the supervisor ends during a way back',
      BACK_OUT,
    ],
  ]),
  ...of('domain/rules/cutover.ts', [
    [
      'A way back is under way: longhaul back --back-out takes it back, and writes are allowed on the target again.',
      'a way back is under way',
      BACK_OUT,
    ],
    [
      'Production is on the source again, with all that was written on the target, and changes are captured from there. Once that is mended for which you went back: longhaul cutover --yes …',
      'one has gone back',
      AGAIN,
    ],
    [
      'The source is being opened for writes, and it was not seen to be: longhaul back --yes … goes on with it.',
      'a way back was interrupted behind the opening',
      BACK,
    ],
    [
      'The way back was taken back: …. Production is on the target; once that is mended: longhaul back --yes …',
      'a way back was taken back',
      carriedOut('test/e2e/back/killed-native.test.ts', 'and then goes back as the status says'),
    ],
    [
      'the run was handed over to the target, and what it had made was taken away. longhaul report --archive keeps it in one file.',
      'the run is cleaned up',
      forPeople('names a command that reads; test/cli/archive.test.ts is of it'),
    ],
    ['longhaul back --back-out takes it back', 'a way back is under way', BACK_OUT],
    [
      'longhaul back --yes … goes on with it; longhaul cutover leads to the target again',
      'the source was opened',
      AGAIN,
    ],
    ['longhaul cutover --back-out takes the cutover back', 'nothing was handed over yet', BACK_OUT],
    [
      'mend it on the target; to go back all the same, move the database once more, from the target to the source',
      'there is no reverse replication',
      forPeople('is a decision, and a second move'),
    ],
  ]),
  ...of('domain/rules/clean-up.ts', [
    [
      'longhaul abort --yes … gives a run up, and takes away what it has made',
      'the run was not handed over',
      carriedOut('test/e2e/whole-runs/native-cdc.test.ts', 'abort takes the subscriptions off the target first'),
    ],
    [
      'longhaul clean-up --give-up-way-back --yes … ends it; from then on nobody goes back without losing rows',
      'the way back is open',
      CLEAN,
    ],
    [
      'longhaul cutover --yes … goes on with it',
      'constraints are still to be validated',
      forPeople('the same as where the run was handed over and constraints are left'),
    ],
    ['longhaul status shows how far it is', 'a way back is under way', forPeople('names a command that reads')],
  ]),
  ...of('engine/steps/clean-up.ts', [
    [
      'mend what is named, then longhaul clean-up --give-up-way-back --yes … again: what is gone is recognised',
      'a server has refused something',
      forPeople('what is in the way, the message says'),
    ],
  ]),
  ...of('domain/run/back/mirror.ts', [['longhaul back', 'words of the cutover are turned round', BACK]]),
  ...of('engine/back/lead-back.ts', [
    [
      'write its undo into longhaul.yaml again as it was at the hand-over, then longhaul back',
      'a command of the hand-over has a password, and longhaul.yaml has another in its place',
      carriedOut(
        'test/engine/back/lead-back.test.ts',
        'and says before anybody is stopped what it cannot undo: no journal keeps a password',
      ),
    ],
  ]),
  ...of('engine/back/by-command.ts', [
    ['longhaul cutover leads to the target again', 'it is too late to take a way back back', AGAIN],
    [
      'longhaul status shows what they wait for',
      'the steps of the run are running',
      forPeople('names a command that reads'),
    ],
  ]),
  ...of('engine/capture/native/reverse/keep.ts', [
    [
      '…; then longhaul cutover',
      'a slot of the way back waits for transactions',
      forPeople('whose transactions they are has to be asked first'),
    ],
  ]),
  ...of('engine/capture/native/reverse/check-reverse.ts', [
    [
      'on the target, as superuser: …; SELECT pg_reload_conf()',
      'a slot of the way back that nobody reads may be lost',
      forPeople('one number and a reload'),
    ],
    [
      "make Longhaul's role a member of their owners on the source; or set cutover.reverse: no",
      'triggers fire when changes come back',
      forPeople('grants/native-source.sql has it for every owner'),
    ],
    [
      'on the target, as superuser: ALTER ROLE … REPLICATION (on RDS: GRANT rds_replication TO …)',
      'the role may make no slots on the target',
      carriedOut(STORY, 'what is written on the target after the hand-over comes to the source'),
    ],
    [
      'on the target, as superuser: …; SELECT pg_reload_conf(); and watch its disk from the hand-over on',
      'a slot of the way back may be lost',
      forPeople('one number and a reload'),
    ],
    [
      'on the target, as superuser: …; restart the target',
      'slots or senders are too few',
      forPeople('one number and a restart, as source.max_worker_processes carries it out'),
    ],
    [
      'on the target, as superuser: …; restart the target (on RDS: rds.logical_replication = 1 in the parameter group, and a restart); or set cutover.reverse: no',
      'the target does not decode',
      forPeople('one setting and a restart; every lab of the way back has it'),
    ],
  ]),
  ...of('engine/capture/pglogical/reverse/check-reverse.ts', [
    [
      'set cutover.reverse: no',
      'the source is older than 9.6',
      forPeople('whether there is to be a way back at all, they decide'),
    ],
    [
      'on the target, as superuser: …; SELECT pg_reload_conf()',
      'the target decodes with other plugins alone',
      forPeople('one list and a reload, as source.plugins carries it out'),
    ],
    [
      "on the target: SET password_encryption = 'md5', then ALTER ROLE … PASSWORD for the role of cutover.target_for_source (on RDS: password_encryption of the parameter group)",
      'the source is older than SCRAM',
      forPeople('a password is for its owner to give; every lab from 9.6 with a way back has it'),
    ],
    [
      'see that nobody writes to the source after the hand-over, not even a superuser: then nothing collides there',
      'strict mode cannot be had on the source',
      forPeople('who may write there, they know'),
    ],
  ]),
  ...of('engine/capture/pglogical/reverse/prepare.ts', [
    [
      "the source's server must reach the target as …, and itself as …: cutover.target_for_source and cdc.node_dsn in longhaul.yaml name other ways; see pg_hba.conf on both, and that a source of before 10 finds the role's password kept as md5; or set cutover.reverse: no",
      'the source does not reach the target, or itself',
      forPeople('is for whoever owns the network'),
    ],
  ]),
  ...of('engine/capture/native/reverse/prepare.ts', [
    [
      "the source's server must reach the target as …: cutover.target_for_source in longhaul.yaml names another way; see who may connect there from the source; or set cutover.reverse: no",
      'the source does not reach the target',
      forPeople('is for whoever owns the network'),
    ],
  ]),
];
