import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const FAULTS = 'test/e2e/dms/faults.test.ts';
const FILES = 'test/e2e/dms/files.test.ts';
const LOSSES = 'test/e2e/dms/losses.test.ts';
const OWNER = 'what the values are, and who writes them, their owner knows';
const AWS = 'only in an account of AWS can it be tried; the checklist of docs/cdc.md has it';

/** What change capture by tasks of DMS says. */
export const OF_DMS: readonly Remedy[] = [
  ...of('engine/capture/dms/api/client.ts', [
    [
      'aws sts get-caller-identity must work on this machine, by AWS_PROFILE, AWS_ACCESS_KEY_ID or the role of the instance; or cdc.dms.mode: files in longhaul.yaml',
      'no credentials are found',
      forPeople(AWS),
    ],
    [
      "in Longhaul's own folder: npm install --no-save …; or cdc.dms.mode: files in longhaul.yaml, which calls nobody",
      'the optional package is not installed',
      forPeople('npm installs it with Longhaul, unless it is told to leave optional packages out'),
    ],
    [
      'see that this machine reaches the API of DMS: cdc.dms.region and cdc.dms.endpoint_url, a proxy, a VPC endpoint',
      'nobody answers',
      forPeople('whose the network is, its owner says'),
    ],
    [
      'see the message, and the resource in the console of DMS; then give the command again',
      'DMS refuses',
      forPeople(AWS),
    ],
    [
      'the identity that aws sts get-caller-identity shows needs the actions of examples/grants/dms-policy.json; or cdc.dms.mode: files in longhaul.yaml',
      'a right is missing',
      forPeople(AWS),
    ],
  ]),
  ...of('engine/capture/dms/api/read-tasks.ts', [
    [
      'put cdc.dms back as it was, so that they can be stopped and deleted; then give the command again',
      'cdc.dms was taken out of longhaul.yaml',
      forPeople('what it was, the operator knows'),
    ],
  ]),
  ...of('engine/capture/dms/judge/check-sentinels.ts', [
    [
      'on the source, as superuser: GRANT CREATE ON DATABASE … TO …',
      'the role may not make the schema of the sentinels',
      carriedOut(
        FAULTS,
        'a right that is missing on the source is named with what grants it, and that is carried out as it is written',
      ),
    ],
  ]),
  ...of('engine/capture/dms/judge/check-tasks.ts', [
    [
      'cdc.dms.instance in longhaul.yaml: the ARN of one that is available; or wait until it is',
      'the replication instance is not available',
      forPeople(AWS),
    ],
    [
      'set it to …, while the task does not run: aws dms modify-replication-task --replication-task-settings',
      'a task of somebody else loses data quietly',
      forPeople(AWS),
    ],
  ]),
  ...of('engine/capture/dms/judge/judge-start.ts', [
    [
      'when nobody needs it, delete it: aws dms delete-replication-task --replication-task-arn …; then longhaul run, which makes a new one',
      'a task was started before',
      forPeople('who has started it knows whether anybody needs it'),
    ],
  ]),
  ...of('engine/capture/dms/judge/judge-tasks.ts', [
    [
      'name another one in cdc.dms, or none, so that Longhaul makes it',
      'an endpoint or a task is not what it has to be',
      forPeople(AWS),
    ],
    [
      'name each of them with rule-action explicit: aws dms modify-replication-task --table-mappings',
      'a task leaves tables out',
      forPeople(AWS),
    ],
    ['set it to …, while the task does not run: …', 'an endpoint or a task loses data quietly', forPeople(AWS)],
  ]),
  ...of('engine/capture/dms/tasks/control.ts', [
    [
      'longhaul run says what is to be done: start-cdc checks it',
      'a task is not there',
      forPeople('start-cdc says it'),
    ],
    [
      'where aws may call DMS: …',
      'by files Longhaul calls nobody',
      carriedOut(
        FILES,
        'pause and resume name the command of AWS, and it does what it says; the slot that nobody reads is told',
      ),
    ],
  ]),
  ...of('engine/capture/dms/judge/check-losses.ts', [
    ['give them a precision where the values have one; …', 'numeric without precision', forPeople(OWNER)],
    [
      'give them a primary key; or let nobody update or delete in them until cutover',
      'tables without a primary key',
      forPeople(OWNER),
    ],
    [
      'longhaul compare --again after the catch-up names the rows that differ',
      'what DMS may have changed',
      carriedOut(LOSSES, 'compare-again finds every one, with its row, and nothing else'),
    ],
    ['let nobody do either until cutover; …', 'DMS carries no key change and no TRUNCATE', forPeople(OWNER)],
    ['see whether any of them is infinite; …', 'dates and timestamps', forPeople(OWNER)],
    [
      'take NOT NULL off these columns on the target until the cutover; or another engine: cdc.engine: pglogical',
      'LOBs that are NOT NULL',
      carriedOut(
        LOSSES,
        'a LOB that is NOT NULL stops its task, which is told, and goes on once NOT NULL is taken off on the target',
      ),
    ],
    [
      'try one row of each before the run; …; or another engine: cdc.engine: pglogical',
      'types that DMS does not migrate',
      forPeople(AWS),
    ],
  ]),
  ...of('engine/capture/dms/tasks/prepare-cdc.ts', [
    [
      'put it there in plan.yaml; or make the plan anew: longhaul plan --fresh',
      'a sentinel is in no slot of the plan',
      forPeople('the demo makes its plan behind the sentinels'),
    ],
    [
      'see the secret (host, port, username, password), the role that reads it, security groups and pg_hba.conf for the address of the replication instance; then longhaul run',
      'an endpoint does not connect',
      forPeople(AWS),
    ],
    [
      'write another one, or none, so that Longhaul makes it: cdc.dms in longhaul.yaml',
      'an endpoint that longhaul.yaml names is not there',
      forPeople(AWS),
    ],
  ]),
  ...of('probes/judge/capture/capture-alarms.ts', [
    [
      "the target's log says why, or with DMS awsdms_apply_exceptions there and the log of the task: mend that, then: longhaul cdc resume …",
      'an error has stopped a task',
      carriedOut(
        FAULTS,
        'a row that is in the way stops its task alone, is told, and passes once it is gone and the task is resumed',
      ),
    ],
  ]),
  ...of('engine/capture/dms/tasks/removal.ts', [
    ['see it in the console of DMS; then give the command again', 'a task does not stop', forPeople(AWS)],
    [
      'where aws may call DMS: …; then give the command again',
      'by files the tasks are taken back by somebody else',
      carriedOut(FILES, 'abort says what is to be run where aws may call DMS, and is over once that was'),
    ],
  ]),
  ...of('engine/capture/dms/tasks/start-cdc.ts', [
    [
      'write another one, or none, so that Longhaul makes it: cdc.dms.tasks in longhaul.yaml',
      'a task that longhaul.yaml names is not there',
      forPeople(AWS),
    ],
  ]),
  ...of('engine/capture/dms/tasks/start-one.ts', [
    [
      'longhaul run sets it to P and starts it',
      'a task would begin elsewhere',
      forPeople('somebody has changed it between two calls; the next run sets it'),
    ],
    [
      'see its log in CloudWatch, mend what it names, then longhaul run, which goes on from where the task is',
      'a task fails as it starts',
      forPeople(AWS),
    ],
  ]),
];
