import {mutationsOf, type Mutation} from '../mutation.ts';

const PURE = ['test/engine/schema/guards-beside.test.ts'];
const SCHEDULE = ['test/engine/load/guards-schedule.test.ts'];
const SERVERS = ['test/engine/schema/builds-beside.pg.test.ts'];

/** Indexes that are built beside the load: which, when, by whom; and how many lanes load. */
export const BUILDS: readonly Mutation[] = [
  ...mutationsOf('src/engine/schema/beside/memory.ts', PURE, [
    'builders take more than load.memory',
    'return wanted <= share ?',
    'return wanted > 0 ?',
  ]),
  ...mutationsOf('src/engine/schema/beside/old-builders.ts', PURE, [
    'a builder that holds no table yet is passed over',
    'tables: unknown ? null : new Set(tables)',
    'tables: new Set(tables)',
  ]),
  ...mutationsOf(
    'src/engine/schema/beside/table-work.ts',
    PURE,
    [
      'an index that is there is built again',
      'return there?.valid !== true || (wanted',
      'return wanted.unique || (wanted',
    ],
    ['the statistics of a parent wait for the lanes of its children', '...(isParent || (analyzed', '...((analyzed'],
    [
      'an exclusion takes the table from the builds beside it',
      'const statements = index.byConstraint ? [] : buildStatements',
      'const statements = buildStatements',
    ],
  ),
  ...mutationsOf(
    'src/engine/schema/beside/build-beside.ts',
    SERVERS,
    [
      'what a killed supervisor left is built a second time',
      'const free = open.filter((table) => !tables.has(quoteRelation(table)));',
      'const free = open;',
    ],
    ['builds begin while the load is held', 'if (mayBuild(ctx.state())) crew.start(', 'crew.start('],
    ['a build for a lost P goes on', 'await target.run(terminateBackendsLike([builderNames(ctx.config.run)]));', ''],
  ),
  ...mutationsOf('src/engine/schema/beside/crew.ts', SERVERS, [
    'what is refused is not told',
    'if (!done && said !== undefined) await tell(task.object, said.words);',
    '',
  ]),
  ...mutationsOf('src/engine/schema/beside/jobs.ts', SERVERS, [
    'a table whose build was lost is left as it is',
    'if (table.broken) onBroken(table.work.table);',
    'if (table.broken) return;',
  ]),
  ...mutationsOf(
    'src/engine/load/schedule.ts',
    SCHEDULE,
    [
      'of fewer lanes more begin than there are',
      'Math.max(0, Math.min(free.length, state.lanes - busy.size))',
      'free.length',
    ],
    ['builds begin while the load is held', 'return !state.held && !paused', 'return !paused'],
    ['builds begin while all lanes are paused', 'return !state.held && !paused', 'return !state.held'],
    [
      'longhaul.yaml is not heard after somebody changed the lanes',
      'lanesAsked?.instead === configured',
      'lanesAsked !== null',
    ],
  ),
  ...mutationsOf(
    'src/engine/schema/goal/fill.ts',
    ['test/e2e/whole-runs/done-means-done.test.ts'],
    ['a view that reads another one through a function stays empty', 'tooEarly.set(task, view);', '{}'],
  ),
];
