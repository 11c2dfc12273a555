import {mutationsOf, type Mutation} from '../mutation.ts';

const TABLES = ['test/engine/capture/guard/guard-tables.test.ts'];
const TRUNCATES = ['test/engine/capture/guard/guard-truncates.test.ts'];
const GUARDED = ['test/probes/judge/guard-alarms.test.ts'];
const ALARMS = ['test/probes/judge/capture-alarms.test.ts'];
const STATE = ['test/domain/run/capture/capture-state.test.ts'];
const SEEN = ['test/engine/compare/drift/seen-objects.test.ts'];
const ADDING = ['test/engine/capture/adopt/adding.test.ts'];
const NOT_SENT = ['test/engine/capture/pglogical/not-sent.test.ts'];
const BY_HAND = ['test/e2e/capture/by-hand.test.ts'];
const CATCH_UP = ['test/engine/capture/catch-up.test.ts'];

/** What comes by a trigger, by a sentinel or by nothing, and what is taken in again. */
export const TAKEN_IN: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/capture/guard/guard-truncates.ts',
    TRUNCATES,
    [
      'a TRUNCATE that came while a trigger was off is missed by nobody once it was compared before',
      'now.adopted === adopted ? without(before, untold) : []',
      '[]',
    ],
    [
      'what was adopted is compared once more for its trigger',
      'now.adopted === adopted ? without(before, untold) : []',
      'without(before, untold)',
    ],
    ['a comparison comes to be owed with every reading', 'notOwed(untold, now)', 'untold'],
    ['every reading of the source asks for all triggers', 'if (ctx.steady() - atMs < EVERY_MS) return;\n', ''],
  ),
  ...mutationsOf(
    'src/engine/capture/pglogical/stuck-on.ts',
    ['test/engine/capture/pglogical/keys-in-the-way.test.ts'],
    ['a key that is in nobody’s way is dropped', 'isTruncated(key) && !refersToItself(key)', 'isTruncated(key)'],
    ['a key of a table that is written to is dropped', "kind === 'T' && schema === toSchema", 'schema === toSchema'],
  ),
  ...mutationsOf(
    'src/engine/capture/native/control/other-identity.ts',
    ['test/engine/capture/native/other-identity.test.ts'],
    ['rows that are found are told to be found otherwise', 'used === undefined || isSent(used)', 'used === undefined'],
  ),
  ...mutationsOf(
    'src/engine/capture/guard/busy-tables.ts',
    ['test/engine/capture/guard/busy-tables.test.ts'],
    [
      'what was applied before is what a slot fails at',
      'before !== null && atMs - before.atMs < STALE_MS ? before.touches : null',
      'before === null ? null : before.touches',
    ],
  ),
  ...mutationsOf(
    'src/engine/capture/adopt/carry-out.ts',
    ['test/e2e/capture/taken-out.test.ts'],
    [
      'an adoption that is ended on its way leaves a slot that fails',
      '  await passOverUntilCopied(ctx, adopting);\n',
      '',
    ],
  ),
  ...mutationsOf('src/engine/capture/guard/guard-sentinels.ts', TABLES, [
    'as many sentinels that are lost once more are told by nobody',
    '[...told].filter(([slot]) => missing.get(slot) !== 0)',
    '[...told]',
  ]),
  ...mutationsOf('src/probes/judge/capture/guard-alarms.ts', GUARDED, [
    'strict mode that nobody has set is missed',
    'if (!claimed.includes(STRICT_MODE)) return [];\n',
    '',
  ]),
  ...mutationsOf('src/probes/judge/capture/capture-alarms.ts', ALARMS, [
    'with tasks of DMS sentinels are to be adopted',
    'isAdopting(state.claimed) && !isTurnedRound(state)',
    'true',
  ]),
  ...mutationsOf('src/domain/rules/refused-in-cdc.ts', STATE, [
    'sentinels that are lost stay lost',
    'if (isOwnSentinel(table, state.claimed)) return null;',
    '',
  ]),
  ...mutationsOf('src/domain/run/capture/sentinel-table.ts', STATE, [
    'any table of our schema counts as a sentinel’s',
    'schema === SENTINELS_IN && claimedSentinels(claimed).includes(name)',
    'schema === SENTINELS_IN',
  ]),
  ...mutationsOf('src/domain/run/reduce/capture.ts', STATE, [
    'what was owed before a table is copied is owed behind it',
    '{table: entry.table, since: entry.at, adoptedInto: entry.slot}',
    "{table: entry.table, since: '', adoptedInto: entry.slot}",
  ]),
  ...mutationsOf(
    'src/engine/compare/drift/kept-objects.ts',
    SEEN,
    ['what was seen since another P is told', 'if (kept.p !== p) return nothingSeen();\n', ''],
    ['it is written with every reading', 'if (changes === seen.kept) return;\n', ''],
    ['what turns back is forgotten with the supervisor', 'drifted: new Map(kept.drifted), ', ''],
  ),
  ...mutationsOf('src/engine/capture/native/control/adoption.ts', ADDING, [
    'what another slot still brings of a table meets its copy',
    'return {statements, elsewhere};',
    'return {statements, elsewhere: []};',
  ]),
  ...mutationsOf('src/engine/capture/pglogical/adoption.ts', ADDING, [
    'what another slot’s sets still bring of a table meets its copy',
    'return {statements, elsewhere};',
    'return {statements, elsewhere: []};',
  ]),
  ...mutationsOf('src/engine/capture/adopt/carry-out.ts', BY_HAND, [
    'sentinels that were not asked for are lost for good',
    '  await mendSentinelsOf(ctx, {holds: hands.holds, slot, upTo: own - 1, besides: [table]});\n',
    '',
  ]),
  ...mutationsOf('src/engine/capture/native/control/not-applied.ts', BY_HAND, [
    'a worker that does not begin anew is waited for',
    'return {actions, beginsAnew: false};',
    'return {actions, beginsAnew: actions.length > 0};',
  ]),
  ...mutationsOf('src/engine/capture/adopt/adopt-command.ts', BY_HAND, [
    'sentinels are to hold the slot for themselves',
    'table.schema === SENTINEL_SCHEMA ? adoptSentinels : adopt',
    'table.schema === SENTINEL_SCHEMA ? adopt : adopt',
  ]),
  ...mutationsOf(
    'src/pg/objects/drift/follow.ts',
    ['test/engine/compare/drift/judge-drift.test.ts'],
    [
      'a column that is generated no more stops its slot, and nobody says what lets it go on',
      'value === null ? `ALTER TABLE ${of} ALTER COLUMN ${own} DROP EXPRESSION` : null',
      'null',
    ],
  ),
  ...mutationsOf('src/engine/capture/adopt/must-be-there.ts', ADDING, [
    'a table is taken into a slot that passes over it',
    'if (gone.length === 0) return;',
    'return;',
  ]),
  ...mutationsOf(
    'src/engine/capture/pglogical/check-not-sent.ts',
    NOT_SENT,
    [
      'who truncates unheard is told by nobody',
      'row.setting.toLowerCase() === `${SETTING}=replica`',
      "row.setting === ''",
    ],
    [
      'what comes to the source by others is lost without a word',
      'if (subscriptions.length === 0) return [];',
      'return [];',
    ],
  ),
  ...mutationsOf('src/engine/capture/catch-up.ts', CATCH_UP, [
    'nobody says which tables to split',
    'howToSplit(busiest.get(slot) ?? [])',
    'howToSplit([])',
  ]),
];
