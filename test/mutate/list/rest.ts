import {mutationsOf, type Mutation} from '../mutation.ts';

const WAY = ['test/engine/cutover/rest/choose-way.test.ts'];
const CHECK = ['test/engine/cutover/rest/check-rest.test.ts'];
const ESTIMATE = ['test/engine/cutover/rest/estimate.test.ts'];
const SCRIPT = ['test/engine/cutover/rest/copy-script.test.ts'];
const OBJECTS = ['test/engine/cutover/rest/objects.test.ts'];
const STORY = ['test/e2e/cutover/copy-the-rest.test.ts'];

/** What change capture does not carry: which tables are believed to be equal, and what may be written over. */
export const REST: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/cutover/rest/choose-way.ts',
    WAY,
    ['a table that was updated is believed to be equal', '    source.changed === 0 &&\n', ''],
    [
      'counters that a crash began anew are believed',
      'source.countedSince !== null &&\n    Date.parse(source.countedSince) + CLOCKS_MS < Date.parse(equalAt)',
      'true',
    ],
    ['clocks are believed to be the same', ' + CLOCKS_MS', ''],
    ['what production did on the target is not looked for', '    !wasBack &&\n', ''],
    ['what nothing reads later is not read', '.some((one) => sameRelation(one.table, table))', '.some(() => false)'],
    ['an unlogged table is believed to be equal', "    kind === 'inserts-only' &&\n", ''],
    ['a table is equal though its rows are others', ' || there.sum !== sum', ''],
    ['a bucket of the target alone is not seen', ', ...known.keys()].toSorted', '].toSorted'],
    ['most rows of a table are looked for one by one', 'rows <= MOST_ROWS && rows <= all / 2', 'rows <= MOST_ROWS'],
    ['twins are taken for one row', 'places.slice(there.get(hash)?.length ?? 0)', 'there.has(hash) ? [] : places'],
    ['rows that are too many stay', 'places.slice(here.get(hash) ?? 0)', 'here.has(hash) ? [] : places'],
  ),
  ...mutationsOf(
    'src/engine/cutover/rest/check-rest.ts',
    CHECK,
    ['writes are stopped for longer than somebody wanted', 'if (ms <= limitMs) return [];', 'return [];'],
    ['triggers that come back with the cutover fire', 'rest.source.hasTriggers || ', ''],
    ['large objects of the target are removed without a word', 'if (alone === 0) return [];', 'return [];'],
    ['hidden large objects are taken for none', 'hidden[on] === 0', 'true'],
  ),
  ...mutationsOf(
    'src/engine/cutover/rest/estimate/estimate.ts',
    ESTIMATE,
    [
      'tables are believed to be copied beside each other',
      'const copyMs = sumOf(tables.map((one) => afterMs(one, rates)));',
      'const copyMs = sumOf(tables.map((one) => afterMs(one, rates))) / LANES;',
    ],
    ['four sessions are believed to be as quick as one', 'beside / lanes + Math.max', 'beside / lane + Math.max'],
    ['what differs among the large objects takes no time', ' + objectsMs + changedMs;', ' + objectsMs;'],
    ['an unlogged table is believed to be there', "if (kind !== 'inserts-only') return 'whole';", ''],
    ['how sure it is nobody says', "highMs: MORE * by('worst')", "highMs: MORE * by('likely')"],
  ),
  ...mutationsOf(
    'src/engine/cutover/rest/estimate/measure-objects.ts',
    ESTIMATE,
    ['none in a part is none at all', 'differing + give + 3', 'differing + give'],
    ['new large objects count as nothing', 'Math.max(made, count * times)', 'count * times'],
  ),
  ...mutationsOf('src/engine/cutover/rest/compare-rest.ts', CHECK, [
    'a table that hides rows is emptied',
    'if (pair.hides)',
    'if (false)',
  ]),
  ...mutationsOf(
    'src/pg/cutover/rest-tables.ts',
    SCRIPT,
    ['a psql that outlives its supervisor writes', 'a.pid = ${pid} AND', 'true OR'],
    ["an extension's own rows are lost", "take === null ? ''", 'take === null ? table.condition'],
    ['the copy fires triggers', "'SET LOCAL session_replication_role = replica;'", ''],
    ['what was only tried stays on the target', "printed('ROLLBACK;')", "printed('COMMIT;')"],
    ['a trigger that fires always fires', 'switchTrigger(trigger, false)', 'switchTrigger(trigger, true)'],
  ),
  ...mutationsOf(
    'src/engine/cutover/rest/copy-objects.ts',
    OBJECTS,
    ['a large object with other contents stays', 'there.get(oid) !== digest', '!there.has(oid)'],
    ['removed large objects stay', '.filter((oid) => !own.has(oid))', '.filter(() => false)'],
    ['another sum is not seen', ' || there.sum !== sum', ''],
  ),
  ...mutationsOf(
    'src/engine/cutover/rest/copy-objects.ts',
    ['test/e2e/cutover/copy-the-rest.test.ts'],
    [
      'a large object that is made again is not spoken of any more',
      'await source.run(readCommentsOnObjects(oids), {timeoutMs: deadline.left()})',
      '[] as {oid: string; comment: string}[]',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/rest/unchanged-objects.ts',
    ['test/engine/cutover/rest/unchanged-objects.test.ts'],
    [
      'the target is opened without a large object that was written since',
      'if ((await readDigest(ctx, compared === 0 ? 1 : LANES)) === sum) return;',
      'return;',
    ],
    [
      'large objects that were written keep the target closed for ever',
      'if (!isTargetOpened(ctx.state().cutover))',
      'if (sum !== null)',
    ],
    [
      'a large object that our role may not read is a failure of its own',
      'if (sqlStateOf(error) !== SQLSTATE.insufficientPrivilege) throw error;',
      'throw error;',
    ],
  ),
  ...mutationsOf('src/engine/steps/cutover/hand-over.ts', STORY, [
    'large objects are not looked at again before the target is opened',
    '    ...planObjectsProof(ctx),\n',
    '',
  ]),
  ...mutationsOf('src/engine/cutover/rest/estimate/measure-objects.ts', STORY, [
    'large objects that were only tried stay on the target',
    'if (!target.lost) await target.run(rollback());',
    'if (!target.lost) await target.run(commit());',
  ]),
  ...mutationsOf('src/engine/cutover/rest/object-owners.ts', OBJECTS, [
    'objects that have changed owners among them are not seen',
    ' && there.numbers === numbers',
    '',
  ]),
  ...mutationsOf(
    'src/engine/compare/again/compare-again.ts',
    STORY,
    [
      'what only the cutover can mend is found different',
      ' && partly.has(quoteRelation(table));',
      ' && partly.size < 0;',
    ],
    ['and the cutover is refused by it', ' && !partly.has(quoteRelation(one.table))', ''],
  ),
  ...mutationsOf('src/engine/cutover/final/final-comparison.ts', STORY, [
    'what was compared is read again',
    'results.filter(({table}) => at.left.delete(table))',
    'results.filter(({table}) => at.left.has(table))',
  ]),
];
