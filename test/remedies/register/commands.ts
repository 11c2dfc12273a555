import {carriedOut, forPeople, of, open, situations, type Remedy} from '../remedy.ts';

/** What commands, the console and the supervisor say. */
export const OF_COMMANDS: readonly Remedy[] = [
  ...of('cli/commands/accept.ts', [
    [
      "name them as longhaul accept lists them, each in quotes: 'index public.users_email'; or --all",
      'no difference is named',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/commands/attach.ts', [
    [
      'longhaul status shows the run, longhaul run --plain follows it as lines',
      'attach has no terminal',
      forPeople('both commands only show the run; every e2e test calls them'),
    ],
  ]),
  ...of('cli/commands/control.ts', [
    [
      'name a lane or table, or give one of --all, --start, --replay',
      'a command names no lane',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/commands/init.ts', [
    [
      'name another file with --config FILE, or move that one away',
      'the file is there already',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a file that init does not overwrite'),
    ],
  ]),
  ...of('cli/commands/inspect/doctor.ts', [
    [
      'longhaul check says what is wrong before a run; longhaul plan or longhaul run makes the folder',
      'there is no run folder',
      forPeople('longhaul check is in the tests of preflight'),
    ],
    [
      'name another file: longhaul doctor --output FILE',
      'the file of the pack is there',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/commands/lab.ts', [
    [' --folder …', 'a lab is there already', forPeople('a part of: See it with longhaul lab status')],
    [
      'Give a size such as 0.5, 1, 20, tiny or small, and a rate such as 50.',
      'a size is none',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'See it with longhaul lab status…; remove it with longhaul lab down….',
      'a lab is there already',
      carriedOut(
        'test/lab/lab.pg.test.ts',
        'is found again by its folder, survives a crash of a server, and leaves nothing behind',
      ),
    ],
  ]),
  ...of('cli/commands/logs.ts', [
    [
      'longhaul status shows what runs',
      'a log is asked for that is not there',
      forPeople('longhaul status only shows the run'),
    ],
  ]),
  ...of('cli/commands/run.ts', [
    [
      'longhaul steps lists them in order',
      '--from or --until names no step',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'longhaul steps lists those that it has',
      '--from or --until names no step',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/run/find-unit.ts', [
    [
      'name the table with its schema',
      'a table is in several schemas',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'the step full-load plans the units, and has not begun: longhaul status shows how far the run is',
      'no unit is planned yet',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'the units are …',
      'there is no such unit',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/run/must-be-meant.ts', [
    [
      'if that is what you want: longhaul …',
      'a command that ends something was given without the name of the run',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'shows what would go and what that frees, and drops nothing without the run’s name',
      ),
    ],
  ]),
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
  ...of('engine/run/commands.ts', [
    [
      'longhaul status shows what does',
      'nothing waits, or the steps run already',
      forPeople('longhaul status only shows the run'),
    ],
    [
      'longhaul status shows what they wait for',
      'nothing waits, or the steps run already',
      forPeople('longhaul status only shows the run'),
    ],
    [
      'no new unit is started; what runs goes on',
      'a command was obeyed, or was obeyed before',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'nothing to do',
      'replay is paused already',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'replay goes on',
      'a command was obeyed, or was obeyed before',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'replay is being paused',
      'a command was obeyed, or was obeyed before',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'units are started again',
      'a command was obeyed, or was obeyed before',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
  ]),
  ...of('engine/run/run-steps.ts', [
    [
      "longhaul report has the query and the remedy of each: mend them, then longhaul run; or leave them as they are: longhaul accept --yes … 'OBJECT'",
      'objects differ at the end of the walk',
      carriedOut(
        'test/e2e/whole-runs/done-means-done.test.ts',
        'is left as it is by a typed word that names it, and the run is done then',
      ),
    ],
    [
      'run the same command again, what is done is recognised; please report it with the journal',
      'a step has failed for a reason that nobody knew',
      forPeople('reports a bug; running it again is what test/faults does at any moment'),
    ],
  ]),
  ...of('engine/waiting/how-to-end.ts', [
    [
      '…; where their owners agree that they are rolled back, on the …, as superuser: …',
      'transactions are open that the slot waits for',
      situations('create-slots.howToEnd'),
    ],
    [
      'in database …: ROLLBACK PREPARED …',
      'transactions are open that the slot waits for',
      situations('create-slots.howToEnd'),
    ],
    [
      'SELECT pg_terminate_backend(…)',
      'transactions are open that the slot waits for',
      situations('create-slots.howToEnd'),
    ],
    [
      'wait for these transactions, or raise …',
      'transactions are open that the slot waits for',
      forPeople('raises a time-out of longhaul.yaml'),
    ],
  ]),
  ...of('engine/waiting/patiently.ts', [
    [
      '…; then run again',
      'a table is locked when it is to be added to its sets',
      forPeople(
        'what to do with the sessions that lock it, their owners say; create-slots.howToEnd carries the same words out',
      ),
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
      'longhaul run, in another window, starts one',
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
      open('wants two builds; npm run upgrade goes on with a run of the last release'),
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
      open('wants two builds; npm run upgrade goes on with a run of the last release'),
    ],
  ]),
  ...of('ui/view-model/findings.ts', [
    [
      'accepted by …',
      'a difference was accepted',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
  ]),
];
