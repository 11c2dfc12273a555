import {mutationsOf, type Mutation} from '../mutation.ts';

const REHEARSED = ['test/engine/cutover/rehearsal.test.ts'];
const LOGINS = ['test/engine/cutover/logins-and-jobs.test.ts'];
const STORY = ['test/e2e/cutover/hand-over.test.ts'];
const STRANGERS = ['test/engine/cutover/guards-strangers.pg.test.ts'];
const OUT = ['test/e2e/cutover/back-out.test.ts'];

/** What is proved before anybody is stopped: statistics, logins, jobs, and what is unfinished. */
export const REHEARSAL: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/cutover/rehearsal/statistics.ts',
    REHEARSED,
    [
      'an index on expressions goes without statistics',
      "add(table, `${row.kind === 'extended'",
      "void (() => `${row.kind === 'extended'",
    ],
    ['a partition root goes without statistics', "if (row.kind === 'extended' || ", "if (row.kind !== 'own' || "],
  ),
  ...mutationsOf(
    'src/engine/cutover/rehearsal/statistics.ts',
    ['test/engine/cutover/statistics.test.ts'],
    [
      'a column goes without statistics',
      'return source.columns.filter((column) => !known.has(column));',
      'return source.columns.filter((column) => known.size === 0 && !known.has(column));',
    ],
    [
      'a column that has none by rights is analyzed for ever',
      '.filter((column) => could.has(column))',
      '.filter((column) => could.size >= 0 && column !== null)',
    ],
  ),
  ...mutationsOf('src/engine/cutover/write-stop.ts', STORY, [
    'the target is opened without statistics',
    '...(ctx.isBack === true ? [] : await planStatistics(ctx)),',
    '',
  ]),
  ...mutationsOf(
    'src/engine/cutover/rehearsal/held-on-target.ts',
    REHEARSED,
    [
      'writes are stopped though somebody keeps a table of the target locked',
      '(isKept ? blocker : warning)(',
      '(isKept ? warning : warning)(',
    ],
    [
      'a TRUNCATE that is applied at this moment stops the cutover',
      '(pid !== null || prepared !== null) && (seconds',
      '(seconds',
    ],
  ),
  ...mutationsOf('src/engine/cutover/rehearse.ts', OUT, [
    'who keeps a table of the target locked is not told before the writes are stopped',
    '...(await readHeldOnTarget(ctx)),',
    '',
  ]),
  ...mutationsOf('src/engine/cutover/waiting-objects.ts', OUT, [
    'whoever has a table of the target for himself keeps the writers waiting for as long',
    "await withShortLocks(ctx, 'target', readIndexes(version))",
    "await (await ctx.session('target')).run(readIndexes(version))",
  ]),
  ...mutationsOf('src/engine/cutover/short-locks.ts', OUT, [
    'who is waited for is told only once it has failed',
    'step: running?.id ?? null,',
    'step: null,',
  ]),
  ...mutationsOf('src/engine/steps/cutover/drain.ts', OUT, [
    'a drain does not tell who is in the way of it',
    'blocked = await readApplyBlockers(ctx, [...waiting.keys()]);',
    '',
  ]),
  ...mutationsOf('src/engine/cutover/rehearsal/unfinished.ts', REHEARSED, [
    'an invalid index does not stop the cutover',
    "const indexes = own.filter(({kind}) => kind === 'index');",
    'const indexes = own.slice(0, 0);',
  ]),
  ...mutationsOf('src/engine/cutover/sequences/sequences-ahead.ts', REHEARSED, [
    'a descending sequence that is ahead is taken for one that is behind',
    '(BigInt(of.increment) < 0n ? -1n : 1n)',
    '1n',
  ]),
  ...mutationsOf(
    'src/engine/cutover/rehearsal/logins.ts',
    LOGINS,
    ['a login that leads to another server is taken for one that is well', 'if (seen.server !== server)', 'if (false)'],
    ['a login that does not see its schemas is taken for one that does', '!seen.schemas.includes(name)', 'false'],
  ),
  ...mutationsOf(
    'src/engine/preflight/servers/durability.ts',
    STRANGERS,
    ['a target that forgets commits in a crash is opened without a word', 'loses.length > 0', 'loses.length > 9'],
    ['a role whose commits a crash loses is not told', 'roles.length > 0', 'roles.length > 9'],
  ),
  ...mutationsOf('src/pg/session/connect.ts', STRANGERS, [
    'a crash of the target undoes what the journal says is done',
    "commits?.synchronous_commit === 'off'",
    'false',
  ]),
  ...mutationsOf('src/engine/cutover/rehearsal/replication-role.ts', LOGINS, [
    'change capture is cut off with PUBLIC, and nobody was told',
    '  if (byName) return [];',
    '  return [];',
  ]),
  ...mutationsOf('src/engine/cutover/jobs/swap-jobs.ts', LOGINS, [
    'a job that somebody has switched off runs after the hand-over',
    '.filter(({job}) => job.active)',
    '.filter(({job}) => job.id > 0)',
  ]),
  ...mutationsOf(
    'src/engine/cutover/jobs/swap-jobs.ts',
    STORY,
    [
      'jobs run on the target before the hand-over',
      'const active = jobsAhead(seen)',
      'const active = jobsAhead({...seen, target: seen.source})',
    ],
    [
      'a cutover that was taken back leaves the jobs stopped',
      '    for (const action of planJobsOnAgain(ctx)) await action.execute();\n',
      '',
    ],
  ),
  ...mutationsOf('src/engine/steps/cutover/hand-over.ts', STORY, [
    'nobody runs the jobs after the hand-over',
    '  await startJobs(ctx);\n',
    '',
  ]),
  ...mutationsOf('src/engine/cutover/rehearsal/other-readers.ts', REHEARSED, [
    'a foreign slot is not told',
    '...logical.map((slot) => judgeSlot(slot, seen)),',
    '',
  ]),
];
