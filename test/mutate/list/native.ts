import {mutationsOf, type Mutation} from '../mutation.ts';

const PUBLISHING = ['test/engine/capture/native/publishing.test.ts'];
const SUBSCRIBING = ['test/engine/capture/native/subscribing.test.ts'];
const STORY = ['test/e2e/whole-runs/native-cdc.test.ts'];

/** Change capture by publications and subscriptions: what it may do to production, and from where it begins. */
export const NATIVE: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/capture/native/wanted-publications.ts',
    PUBLISHING,
    [
      'the application cannot update a table without a key any more',
      'insertsOnly: false, tables: all.filter((table) => hasIdentity(table))}',
      'insertsOnly: false, tables: all}',
    ],
    [
      'a table without a key is published by nobody',
      'tables: all.filter((table) => !hasIdentity(table))}',
      'tables: []}',
    ],
  ),
  ...mutationsOf(
    'src/engine/capture/native/create-publications.ts',
    PUBLISHING,
    [
      "somebody else's publication is taken for ours",
      "(!claimed.includes(publicationObject(name)) && 'was there before this run') ||",
      '',
    ],
    [
      'a publication may keep the application from its updates',
      "(insertsOnly && own.some(({updates}) => updates) && 'publishes updates of tables without replica identity') ||",
      '',
    ],
    ['a publication is made anew behind its slots', 'if (slots.length === 0) return [];', 'return [];'],
    [
      'a publication of other tables is taken',
      '(mayHaveMore || there.length === tables.length) && tables.every((table) => there.includes(quoteRelation(table)))',
      'true',
    ],
    ['a publication of more tables is taken before P', '(mayHaveMore || there.length === tables.length)', 'true'],
  ),
  ...mutationsOf('src/engine/capture/native/judge-start.ts', SUBSCRIBING, [
    'a subscription that is on from before reads the new slots',
    '|| (enabled && cdcStarted === null))',
    ')',
  ]),
  ...mutationsOf('src/engine/capture/native/judge-start.ts', SUBSCRIBING, [
    'a subscription applies from before P',
    'return appliedLsn !== null && compareLsn(appliedLsn, boundary) >= 0;',
    'return true;',
  ]),
  ...mutationsOf('src/engine/capture/native/judge-start.ts', SUBSCRIBING, [
    "somebody else's subscription is taken for ours",
    '!claimed.includes(subscriptionObject(name))',
    'false',
  ]),
  ...mutationsOf(
    'src/engine/capture/native/start-cdc.ts',
    STORY,
    ['no subscription is set to P', '    ...off.map((name) => advancing(ctx, name, P)),\n', ''],
    ['nothing says that the slots may move', '    ...(cdcStarted === null ? [noting(ctx, names)] : []),\n', ''],
  ),
  ...mutationsOf('src/engine/capture/native/subscription-dsn.ts', SUBSCRIBING, [
    'the password is shown',
    "shownDsn: withSecret('********')",
    'shownDsn: withSecret(password.reveal())',
  ]),
  ...mutationsOf('src/pg/capture/subscriptions.ts', SUBSCRIBING, [
    'the statement is shown with its password',
    'shown: text(one.shownDsn)',
    'shown: text(one.dsn)',
  ]),
  ...mutationsOf('src/engine/capture/native/check-target.ts', SUBSCRIBING, [
    'a subscription may find no worker',
    '[WORKERS[0], usage.workers + missing],',
    '',
  ]),
  ...mutationsOf('src/engine/capture/sentinels/create-sentinels.ts', SUBSCRIBING, [
    "somebody else's sentinels are taken for ours",
    '!isOurs || !claimed.includes(sentinelObject(name))',
    'false',
  ]),
  ...mutationsOf('src/engine/plan/with-sentinels.ts', PUBLISHING, [
    'a sentinel is in no slot',
    '...(index === 0 ? left : [])',
    '',
  ]),
  ...mutationsOf(
    'src/engine/capture/catch-up.ts',
    ['test/engine/capture/catch-up.test.ts'],
    ['a moment is taken for the whole time', 'if (from < 0) return false;', 'if (from < 0) return true;'],
    ['a slot without a worker has caught up', "if (slot.state === 'down')", 'if (slot.lagBytes === -1)'],
  ),
  ...mutationsOf(
    'src/probes/judge/capture/capture-alarms.ts',
    ['test/probes/judge/capture-alarms.test.ts'],
    [
      'a cutover that ends change capture is an alarm',
      'if (isTurning(observed)) return',
      'if (isTurning(observed) && false) return',
    ],
    [
      'a cutover that was taken back is an alarm',
      'goneBack === null ? handedOverAt : stoppingAt && goneBack.at',
      'handedOverAt',
    ],
    ['lost sentinels are no alarm', 'if (missing === 0) return [];', 'if (missing <= 1) return [];'],
    [
      'every kick of a supervisor is an alarm for people',
      "if (value('disabled_seconds') < STOPPED_SECONDS) return [];",
      '',
    ],
  ),
];
