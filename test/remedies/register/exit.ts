import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

/** What the ways out say. */
export const OF_EXIT: readonly Remedy[] = [
  ...of('cli/commands/release.ts', [
    [
      "see whether every slot named …… is this run's (SELECT * FROM pg_replication_slots); if so: longhaul release --by-prefix",
      'there is no journal',
      carriedOut('test/e2e/hand-off/release.test.ts', 'without a journal asks for the prefix, explicitly'),
    ],
  ]),
  ...of('engine/exit/abort-command.ts', [
    [
      'do by hand what was not undone',
      'a run is given up in a cutover, and an undo of the operator’s commands fails',
      forPeople('what a command of the operator has done, its operator undoes'),
    ],
    [
      'in another window, longhaul abort --yes …: it ends the supervisor first, and with it what that waits for',
      'a step waits for a server, and the supervisor cannot end its walk',
      carriedOut(
        'test/remedies/nightly-stuck.pg.test.ts',
        'a statement on the target outlives the patience of an abort',
      ),
    ],
    [
      'type …',
      'another word than the name of the run was typed',
      forPeople('a word that is typed anew: nothing was done'),
    ],
  ]),
  ...of('engine/exit/abort.ts', [
    [
      'do by hand what was not undone',
      'a run is given up in a cutover, and an undo of the operator’s commands fails',
      forPeople('what a command of the operator has done, its operator undoes'),
    ],
    [
      '…; until then the source refuses writes',
      'a cutover could not be taken back by an abort',
      forPeople('what keeps the source from answering is named, and is not of this run'),
    ],
    [
      '…, unless what did not answer is gone for good; no slot of this run holds WAL on the primary',
      'a server does not answer an abort, and no slot is left',
      carriedOut(
        'test/e2e/whole-runs/phase-one.test.ts',
        'abort with the replica down frees the primary, says so, and is taken up again',
      ),
    ],
    [
      '…; until then the slots hold WAL on the primary',
      'a slot could not be dropped by an abort',
      carriedOut(
        'test/e2e/faults/guards.test.ts',
        'a slot that somebody reads is kept, and replay with it, until the reader may be ended',
      ),
    ],
    [
      'mend what is named, then longhaul abort --yes … again',
      'an abort could not take everything back',
      carriedOut(
        'test/e2e/whole-runs/phase-one.test.ts',
        'abort with the replica down frees the primary, says so, and is taken up again',
      ),
    ],
  ]),
  ...of('engine/exit/release-command.ts', [
    [
      'type …',
      'another word than the name of the run was typed',
      forPeople('a word that is typed anew: nothing was done'),
    ],
  ]),
  ...of('engine/exit/release-words.ts', [
    [
      'deal with what is named; longhaul abort --yes … gives the run up',
      'a release could not do everything',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'without the right to a checkpoint says that nothing is freed yet',
      ),
    ],
    [
      'end what reads it as a superuser, then longhaul release --yes … again',
      'a slot is read by what cannot be ended',
      carriedOut('test/remedies/nightly-load.pg.test.ts', 'a slot is read by what the role cannot end'),
    ],
    [
      'if what reads it may be cut off: longhaul release --yes … --end-readers',
      'a slot is read by somebody',
      carriedOut(
        'test/e2e/faults/guards.test.ts',
        'a slot that somebody reads is kept, and replay with it, until the reader may be ended',
      ),
    ],
  ]),
  ...of('engine/steps/load/resume-replay.ts', [
    [
      'compare the schemas once change capture has caught up: longhaul compare --objects',
      'the catalogs of P cannot be read before replay goes on',
      carriedOut(
        'test/engine/compare/compare-objects.pg.test.ts',
        'a sample of single changes is named, each by its object, and its statement mends it',
      ),
    ],
    [
      'finish the load first (longhaul run); longhaul abort gives the load up and resumes replay',
      'replay is to be resumed before all is compared',
      carriedOut('test/remedies/commands.test.ts', 'is a command that is not refused in the same state'),
    ],
    [
      'something else pauses it, a script or another operator: end that, then run again',
      'replay stays paused',
      forPeople('ends somebody’s script'),
    ],
    [
      'what it has not read is lost: …',
      'a slot is gone that change capture reads',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'tells the journal that P is lost, and the next run takes new slots and a new P by itself',
      ),
    ],
  ]),
];
