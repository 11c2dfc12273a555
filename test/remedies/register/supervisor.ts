import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

/** What the supervisor says, and what refuses. */
export const OF_SUPERVISOR: readonly Remedy[] = [
  ...of('cli/supervisor/follow.ts', [
    [
      'longhaul run starts one, which takes over the lanes that still run; supervisor.log in the run folder may say why',
      'the supervisor has ended while it was followed',
      carriedOut(
        'test/e2e/faults/survival.test.ts',
        'lanes that commit while no supervisor lives are taken over, to the end of the run',
      ),
    ],
  ]),
  ...of('cli/supervisor/launch-supervisor.ts', [
    [
      'kill -CONT … lets it go on; or kill -9 … ends it, and the lanes go on; then the same command again',
      'the supervisor is stopped',
      carriedOut(
        'test/e2e/console/console.test.ts',
        'is blind while the supervisor hangs, and sees again when it goes on',
      ),
    ],
    [
      'longhaul run, abort, release and cdc-started start what they need',
      'a command starts no supervisor',
      forPeople('names the commands that do; every e2e test calls them'),
    ],
    [
      'see …, and whether the disk of the run folder has room',
      'a supervisor does not come up',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'try again in a moment; if it stays so, it hangs: kill …, and where that does not help kill -9 …; the lanes go on; then the same command again',
      'the supervisor hangs',
      carriedOut('test/e2e/hand-off/release.test.ts', 'a supervisor that hangs keeps nobody from it'),
    ],
    [
      'try again in a moment; if it stays so, see who holds the lock (fuser …) and end that process: the lanes go on',
      'somebody holds the lock of the run',
      carriedOut(
        'test/cli/supervisor/busy.test.ts',
        'a supervisor that is stopped or hangs is named with its pid and how it is ended',
      ),
    ],
  ]),
  ...of('cli/supervisor/send.ts', [
    [
      'longhaul run starts one, which takes over the lanes that still run; longhaul status shows the journal as it is',
      'no supervisor lives that could be told',
      carriedOut(
        'test/e2e/console/console.test.ts',
        'is blind while the supervisor is dead, says since when, and sees again when it is back',
      ),
    ],
  ]),
  ...of('domain/rules/why-refused.ts', [
    [
      'name one from 1 to …',
      'a number of lanes that cannot be',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'set load.rate in longhaul.yaml',
      'the rate is changed before there is a load',
      forPeople('a size of longhaul.yaml'),
    ],
    [
      'name one in bytes a second, above 0, or none',
      'a rate that cannot be',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'set load.lanes in longhaul.yaml',
      'the number of lanes is changed before there is a load',
      forPeople('a number of longhaul.yaml'),
    ],
    [
      'finish the load first: longhaul run',
      'a command is refused in this state of the run',
      carriedOut('test/remedies/commands.test.ts', 'is a command that is not refused in the same state'),
    ],
    [
      'finish the load, or give it up: longhaul abort resumes replay',
      'a command is refused in this state of the run',
      carriedOut('test/remedies/commands.test.ts', 'is a command that is not refused in the same state'),
    ],
    [
      'longhaul confirm … …',
      'a command is refused in this state of the run',
      carriedOut('test/remedies/commands.test.ts', 'is a command that is not refused in the same state'),
    ],
    [
      'longhaul continue (C) takes a new P',
      'a command is refused in this state of the run',
      carriedOut('test/remedies/commands.test.ts', 'is a command that is not refused in the same state'),
    ],
    [
      'longhaul resume …',
      'a command is refused in this state of the run',
      carriedOut('test/remedies/commands.test.ts', 'is a command that is not refused in the same state'),
    ],
    [
      'longhaul run begins it again, from the first step',
      'a command is refused in this state of the run',
      carriedOut('test/remedies/commands.test.ts', 'is a command that is not refused in the same state'),
    ],
    [
      'longhaul status lists the units',
      'a command is refused in this state of the run',
      forPeople('longhaul status only shows the run'),
    ],
    [
      'longhaul status shows what does',
      'a command is refused in this state of the run',
      forPeople('longhaul status only shows the run'),
    ],
    [
      'nothing to resume',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'only a failed unit can be tried again',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'only a paused unit can be resumed',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'only a running unit can be cancelled',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'only a running unit can be paused',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'the load has not been planned yet',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'the units are …',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'there is nothing to accept',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'there is nothing to do',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'these are open: …',
      'a command is refused in this state of the run',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'type …',
      'a command is refused in this state of the run',
      forPeople('a word that is typed anew: nothing was done'),
    ],
  ]),
  ...of('engine/wire/client.ts', [
    [
      'longhaul run starts one; the lanes go on without it',
      'a console has lost the supervisor',
      carriedOut(
        'test/e2e/console/console.test.ts',
        'is blind while the supervisor is dead, says since when, and sees again when it is back',
      ),
    ],
    [
      'longhaul run, in another window, starts a supervisor',
      'a console has lost the supervisor',
      carriedOut(
        'test/e2e/console/console.test.ts',
        'is blind while the supervisor is dead, says since when, and sees again when it is back',
      ),
    ],
    [
      'longhaul status names its pid: kill -9 it, the lanes go on, and longhaul run starts another',
      'a supervisor hangs',
      carriedOut(
        'test/e2e/console/console.test.ts',
        'is blind while the supervisor hangs, and sees again when it goes on',
      ),
    ],
    [
      'use the longhaul that started the supervisor, or end that one: the lanes go on, and longhaul run starts another',
      'a supervisor is of another version',
      carriedOut('test/remedies/nightly-held.pg.test.ts', 'a supervisor of another version'),
    ],
  ]),
  ...of('engine/wire/server.ts', [
    [
      'attach without --read-only',
      'a read-only console wants to change something',
      forPeople('starts the console in another way'),
    ],
    ['see supervisor.log', 'the supervisor has a bug', forPeople('reports a bug')],
    [
      'use the longhaul that started the supervisor; or end that one, kill …: the lanes go on, and longhaul run starts one of this version',
      'a client is of another version',
      carriedOut('test/remedies/nightly-servers.pg.test.ts', 'a supervisor of another version'),
    ],
  ]),
];
