import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

const SAID = forPeople('says what is so; test/remedies/commands.test.ts asks whether what it names is taken');
const FAILED = forPeople(
  'the unit’s own remedy with the command that tries it again; test/remedies/commands.test.ts asks for that',
);
const CHANGED = carriedOut('test/engine/told/untold.test.ts', 'names the command with which it counts');

/** What is to be done now: by a run as it is, and by a configuration that has changed under it. */
export const OF_WALK: readonly Remedy[] = [
  ...of('cli/run/find-unit.ts', [
    [
      'name the unit, longhaul status lists them',
      'a table is loaded in parts',
      forPeople('names one of the units that the message lists'),
    ],
  ]),
  ...of('domain/rules/what-now.ts', [
    [
      'The …. See that it is up and reachable: what waits for it goes on by itself once it answers.',
      'a server does not answer',
      carriedOut(
        'test/e2e/faults/server-away.test.ts',
        'is waited for in plain words, and the step goes on by itself once it is back',
      ),
    ],
    [
      'What is to begin next is held back: longhaul resume --start lets it begin',
      'somebody asks what is to be done now',
      SAID,
    ],
    ['… … paused since … by …: longhaul resume --all lets … go on', 'lanes are paused', SAID],
    [
      'Nothing: change capture had caught up, and goes on. When the application is to move: longhaul cutover --check, then longhaul cutover --yes …',
      'somebody asks what is to be done now',
      carriedOut('test/e2e/cutover/hand-over.test.ts', 'hands over every row that was committed'),
    ],
    ['Nothing: the load is done and change capture has begun.', 'somebody asks what is to be done now', SAID],
    ['Nothing: the run goes on.', 'somebody asks what is to be done now', SAID],
    ['Nothing: the run is done.', 'somebody asks what is to be done now', SAID],
    ['Nothing: … is at work.', 'somebody asks what is to be done now', SAID],
    ['P is lost: …', 'somebody asks what is to be done now', SAID],
    ['P is no longer proved: …', 'somebody asks what is to be done now', SAID],
    [
      'Start change capture at P … on …; once it reads them: longhaul cdc-started --yes …',
      'somebody asks what is to be done now',
      SAID,
    ],
    ['Step … has failed: …; then longhaul run', 'somebody asks what is to be done now', SAID],
    ['The run has not begun: longhaul run begins it.', 'somebody asks what is to be done now', SAID],
    [
      'The run was given up: longhaul run begins a new one, with a new P.',
      'somebody asks what is to be done now',
      SAID,
    ],
    ['The run has stopped…: longhaul run goes on with it.', 'somebody asks what is to be done now', SAID],
    ['Unit … has failed: …', 'somebody asks what is to be done now', SAID],
    [' and … more', 'somebody asks what is to be done now', SAID],
    ['longhaul retry --all', 'somebody asks what is to be done now', SAID],
    ['longhaul retry …', 'somebody asks what is to be done now', SAID],
    ['… units have failed (……): …', 'somebody asks what is to be done now', SAID],
    ['object differs', 'somebody asks what is to be done now', SAID],
    ['objects differ', 'somebody asks what is to be done now', SAID],
    ['… waits for an answer: … If so: longhaul confirm … …', 'somebody asks what is to be done now', SAID],
    [
      '… … on the target: longhaul accept lists … with queries and remedies; mend them and longhaul run, or accept them',
      'somebody asks what is to be done now',
      SAID,
    ],
  ]),
  ...of('engine/told/untold.ts', [
    [
      'inventory and plan were made by what it was: put it back, or longhaul plan --fresh makes them anew',
      'longhaul.yaml or plan.yaml is not what the supervisor was told',
      carriedOut('test/remedies/nightly.pg.test.ts', 'other tables in longhaul.yaml than the inventory has'),
    ],
    ['longhaul run', 'longhaul.yaml or plan.yaml is not what the supervisor was told', CHANGED],
    [
      'longhaul shutdown, then longhaul run: the lanes go on',
      'longhaul.yaml or plan.yaml is not what the supervisor was told',
      CHANGED,
    ],
    ['put it back, or have it count: …', 'longhaul.yaml or plan.yaml is not what the supervisor was told', CHANGED],
    [
      'put them back, or begin anew with them: …',
      'longhaul.yaml or plan.yaml is not what the supervisor was told',
      CHANGED,
    ],
    ['put them back, or have them count: …', 'longhaul.yaml or plan.yaml is not what the supervisor was told', CHANGED],
    [
      'they are loading or loaded: put them back; or …',
      'longhaul.yaml or plan.yaml is not what the supervisor was told',
      CHANGED,
    ],
  ]),
  ...of('probes/judge/walk/walk-alarms.ts', [
    ['answer it: c, or longhaul confirm … …', 'the walk waits for the operator, has ended, or a unit has failed', SAID],
    [
      'nothing is to be done; longhaul report has the figures, longhaul shutdown ends the supervisor',
      'the walk waits for the operator, has ended, or a unit has failed',
      SAID,
    ],
    [
      'see supervisor.log in the run folder; then C, or longhaul run',
      'the walk waits for the operator, has ended, or a unit has failed',
      SAID,
    ],
    ['…; then …', 'the walk waits for the operator, has ended, or a unit has failed', SAID],
    ['C, or longhaul run', 'a step has failed', SAID],
    [
      'longhaul cutover --yes …',
      'a step of a cutover has failed behind the hand-over',
      carriedOut('test/e2e/cutover/hand-over.test.ts', 'hands over every row that was committed'),
    ],
    ['longhaul back --yes …', 'a step of a way back has failed', SAID],
    ['longhaul clean-up --yes …', 'the clean-up has failed', SAID],
    [
      'once that is mended: longhaul … --yes …',
      'a cutover, or a way back, was taken back by the run itself',
      carriedOut('test/e2e/cutover/hand-over.test.ts', 'hands over every row that was committed'),
    ],
  ]),
  ...of('probes/judge/walk/failed-units.ts', [
    ['R, or …', 'a unit has failed', FAILED],
    ['longhaul retry …', 'a unit has failed', FAILED],
    ['longhaul retry --all', 'several units have failed for one reason', FAILED],
    ['…; then R, or longhaul retry …', 'a unit has failed', FAILED],
    ['…; then longhaul retry --all', 'several units have failed for one reason', FAILED],
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
      'in database …: COMMIT PREPARED …',
      'a prepared transaction is open that the slot waits for',
      situations('source.open-transaction'),
    ],
    [
      'ask its owner which is right, for a prepared transaction does not end by itself',
      'a prepared transaction is open that the slot waits for',
      situations('source.open-transaction'),
    ],
    [
      '…; or, where what was prepared is to be kept, …',
      'a prepared transaction is open that the slot waits for',
      situations('source.open-transaction'),
    ],
    [
      'SELECT pg_terminate_backend(…)',
      'transactions are open that the slot waits for',
      situations('create-slots.howToEnd'),
    ],
    [
      'wait for these transactions…',
      'transactions are open that somebody waits for',
      forPeople('waits, or raises a time-out of longhaul.yaml'),
    ],
    [', or raise …', 'transactions are open that somebody waits for', forPeople('raises a time-out of longhaul.yaml')],
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
  ...of('ui/view-model/findings.ts', [
    [
      'accepted by …',
      'a difference was accepted',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
  ]),
];
