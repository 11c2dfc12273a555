import {mutationsOf, type Mutation} from '../mutation.ts';

const JUDGING = ['test/engine/capture/pglogical/judging.test.ts'];
const TARGET = ['test/engine/capture/pglogical/target.test.ts'];
const WAY_BACK = ['test/engine/capture/pglogical/way-back.test.ts'];
const STORY = ['test/e2e/whole-runs/pglogical-cdc.test.ts'];

/** Change capture by pglogical's subscriptions: from where it begins, what it may drop, and what is silent. */
export const PGLOGICAL: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/capture/pglogical/anchor/judge-prepared.ts',
    JUDGING,
    [
      'pglogical drops the slot of somebody else',
      '!claimed.includes(slotObject(name)) && missing.some((one) => mayBeSlotOf(one, name))',
      'false',
    ],
    [
      "somebody else's node is taken for ours",
      'if (node === null || claimed.includes(targetNodeObject(node))) return [];',
      'return [];',
    ],
    ["somebody else's subscription is taken for ours", '!claimed.includes(pglogicalSubscriptionObject(name))', 'false'],
  ),
  ...mutationsOf('src/engine/capture/pglogical/anchor/wait-for-slot.ts', JUDGING, [
    'a slot that is in the making is taken for one that keeps changes',
    'one !== undefined && !one.initializing &&',
    'one !== undefined &&',
  ]),
  ...mutationsOf('src/engine/capture/pglogical/start/judge-start.ts', JUDGING, [
    'a subscription that was on before its time is started',
    'compareLsn(appliedLsn, boundary.lsn) > 0',
    'false',
  ]),
  ...mutationsOf(
    'src/engine/capture/pglogical/start/start-at-boundary.ts',
    STORY,
    [
      'no subscription is set to P',
      `    ...off.map((name) =>
      statementAction(advancePglogicalOrigin(name, boundary.lsn), {
        on: 'target',
        session: async () => ctx.session('target'),
      }),
    ),
`,
      '',
    ],
    ['conflicts are silent', '    ...(await planStrict(ctx)),\n', ''],
  ),
  ...mutationsOf(
    'src/engine/capture/pglogical/reverse/park.ts',
    WAY_BACK,
    [
      'what somebody mends on the target comes to production',
      '    ...sets.map((set) => removeSubscriptionSet(name, set)),\n',
      '',
    ],
    ['a slot of the other way keeps WAL for ever', 'return enabled && sets.length === 0;', 'return sets.length === 0;'],
  ),
  ...mutationsOf('src/engine/capture/pglogical/reverse/check-reverse.ts', WAY_BACK, [
    'a 9.6 is let begin that cannot log in to the target',
    "if (maybe('knowsScram', version) !== null || encryption !== 'scram-sha-256') return [];",
    'return [];',
  ]),
  ...mutationsOf('src/pg/capture/pglogical-back.ts', WAY_BACK, [
    "the source's password is shown",
    'return {...make(dsn), shown: renderStatement(sql(text, values))};',
    'return make(dsn);',
  ]),
  ...mutationsOf('src/engine/capture/pglogical/start/strict-mode.ts', TARGET, [
    'every first update of a loaded row stops its slot',
    'if (tracksCommits)',
    'if (false)',
  ]),
  ...mutationsOf('src/engine/capture/pglogical/pglogical-dsn.ts', JUDGING, [
    'a password is in an error',
    "secrets.reduce((text, secret) => text.replaceAll(secret, '********'), error.message)",
    'error.message',
  ]),
  ...mutationsOf('src/pg/capture/pglogical.ts', JUDGING, [
    'the statement is shown with its password',
    'return {...make(dsn), shown: shownOf(make(shownDsn))};\n}\n\n/** A subscription',
    'return make(dsn);\n}\n\n/** A subscription',
  ]),
  ...mutationsOf('src/engine/schema/goal/waits.ts', JUDGING, [
    'a deferrable constraint stops the apply',
    'deferrableWaits(index) ||',
    '',
  ]),
  ...mutationsOf('src/engine/capture/control/kick-down.ts', TARGET, [
    'one whose slot is gone is kicked, and may make it again',
    "state === 'down' && lagBytes !== null",
    "state === 'down'",
  ]),
  ...mutationsOf('src/engine/schema/copy/rehearse-schema.ts', TARGET, [
    'preflight hangs at a database that cannot be dropped',
    'return hangs\n',
    'return false\n',
  ]),
];
