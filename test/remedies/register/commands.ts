import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

/** What commands and the console say. */
export const OF_COMMANDS: readonly Remedy[] = [
  ...of('cli/commands/accept.ts', [
    [
      'name the objects, each in quotes, or give --all',
      '--all and an object are given',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
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
  ...of('cli/commands/compare.ts', [
    [
      'longhaul compare [TABLE…] [--quick | --by-month | --sample 5%] [--json], longhaul compare --again [TABLE…] [--converging] [--json], or longhaul compare --objects [--fix [--yes RUN]]',
      'options of rows and of objects are mixed',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/commands/control.ts', [
    [
      'name a lane or table, or give …',
      'a command names no lane',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/commands/inspect/compare-rows.ts', [
    [
      'longhaul report says what the run has compared at P; after P, once change capture runs: longhaul compare --again',
      'the replica is not at P any more',
      forPeople('says what is so: nothing else can be compared exactly'),
    ],
    ['longhaul run loads them', 'nothing is loaded yet', forPeople('names the command, which every e2e test calls')],
    [
      'more than 0 % and at most 100 %, without --quick and --by-month: longhaul compare --sample 5%',
      'a share that is none',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'name it with its schema, as longhaul status --json lists the tables of the units: longhaul compare public.users',
      'a table that is not loaded, or not named with its schema',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/commands/lanes.ts', [
    [
      'name one from 1 to 64',
      'what is named is no number of lanes',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'name one with its unit, as in 50MB, or none',
      'what is named is no size',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
  ]),
  ...of('cli/main.ts', [
    [
      'make room on the disk of the file that it goes to, or name another; then the same command again',
      'what a command prints goes to a file whose disk is full',
      carriedOut('test/cli/launcher.test.ts', 'is told as not printed'),
    ],
  ]),
  ...of('cli/commands/init.ts', [
    [
      'name the file to write: --config FILE',
      'the configuration has an empty name',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    [
      'name another file with --config FILE, or move that one away',
      'the file is there already',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a file that init does not overwrite'),
    ],
  ]),
  ...of('cli/commands/inspect/archive.ts', [
    [
      'name another file: longhaul report --archive --output FILE',
      'the file of the archive is there',
      forPeople('is completed on the command line that was wrong; nothing was touched'),
    ],
    ['longhaul run begins the run', 'there is no journal', forPeople('longhaul run is in every e2e test')],
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
  ...of('engine/load/lane/resize-load.ts', [
    [
      'longhaul lanes N changes how many load at once',
      'no rate can be set without pv',
      carriedOut(
        'test/engine/run/guards-word.test.ts',
        'for another rate is in the journal, and refused where there is no pv: fewer lanes are not',
      ),
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
      'no new unit is started, no index build and no scan of a comparison; what runs goes on, a scan for a minute at most',
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
      'what was held is started again',
      'a command was obeyed, or was obeyed before',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
  ]),
];
