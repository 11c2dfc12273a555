import {mutationsOf, type Mutation} from '../mutation.ts';

const PURE = ['test/engine/compare/objects.test.ts'];
const RIGHTS = ['test/engine/compare/objects-rights.test.ts'];

/** What is called equal, what is called expected, and what --fix may run. */
export const OBJECTS: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/compare/drift/fills.ts',
    ['test/engine/compare/drift/judge-drift.test.ts'],
    [
      'a column that is filled otherwise on the target is passed',
      'if (value === null || CONSTANT.test(value)) return null;',
      'if (value !== null) return null;',
    ],
    ['a TRUNCATE is taken for a rewrite', "&& before?.parts['columns'] !== now?.parts['columns']", ''],
    ['a rewrite is passed', 'const isWritten = isRewritten(file);', 'const isWritten = false;'],
    [
      'a column that its type fills is passed',
      "parts['default'] == null && missing.has",
      "parts['default'] === undefined && missing.size === 0 && missing.has",
    ],
    [
      'a column that has numbers of its own is passed',
      "if (parts['identity'] != null) return 'its rows were numbered on the source';",
      '',
    ],
    ['a second column that is filled is passed', '...filled.map((id) => `filled ${id}`)', ''],
  ),
  ...mutationsOf(
    'src/engine/compare/drift/watch-drift.ts',
    ['test/engine/compare/drift/drift.pg.test.ts'],
    ['catalogs are read each minute', ' || ctx.steady() - watch.beganMs < pauseMs(ctx)', ''],
    [
      'what a lost connection has kept from being read is never read',
      'const [slice] = watch.queue;',
      'const slice = watch.queue.shift();',
    ],
    [
      'a turn keeps all other probes waiting',
      'startMs - beganMs + (watch.tookMs.get(name) ?? UNREAD_MS[slice.kind]) > TURN_MS',
      'false',
    ],
    [
      'a target that does not answer keeps all other probes waiting',
      'if (whole.isWhole) aside.begin(',
      'if (whole.isWhole) await (async (work: () => Promise<void>) => work())(',
    ],
    [
      'rows that DDL has written are owed nothing',
      "for (const {table, how} of fresh) await ctx.record({type: 'comparison.owed', tables: [table], why: how});",
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/compare/drift/followed.ts',
    ['test/engine/compare/drift/judge-drift.test.ts'],
    [
      'what the target has not is followed',
      'if (fact === undefined) return false;',
      'if (fact === undefined) return true;',
    ],
    ['a part that is another is followed', 'return has === value || has === UNKNOWN;', 'return has !== UNKNOWN;'],
  ),
  ...mutationsOf(
    'src/engine/compare/drift/slices.ts',
    ['test/engine/compare/drift/judge-drift.test.ts'],
    [
      'what was taken away is not looked for',
      ".filter((catalog) => deleted?.has(catalog) !== false)\n      .map((catalog): Slice => ({kind: 'owned', catalog}))",
      ".filter((catalog) => catalog === '')\n      .map((catalog): Slice => ({kind: 'owned', catalog}))",
    ],
  ),
  ...mutationsOf(
    'src/domain/run/drift/schema-change.ts',
    ['test/domain/run/schema-drift.test.ts'],
    ['whatever is done to an accepted object stays accepted', 'return `${object} ${change} ${why}`;', 'return object;'],
  ),
  ...mutationsOf(
    'src/domain/run/drift/schema-change.ts',
    ['test/engine/compare/drift/judge-drift.test.ts'],
    ['rows that are written once more are not owed once more', 'isSameFile && ', ''],
  ),
  ...mutationsOf(
    'src/domain/rules/cutover.ts',
    ['test/domain/run/schema-drift.test.ts'],
    ['a cutover begins over what the target has not followed', ', ...whyNotFollowed(state.schemaDrift)', ''],
  ),
  ...mutationsOf(
    'src/engine/compare/cut-chunks.ts',
    ['test/engine/compare/cut-by-key.test.ts'],
    ['a table whose rows lie anyhow is read by its index', ' || Math.abs(correlation ?? 0) < LEAST_CORRELATION', ''],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/judge-facts.ts',
    PURE,
    [
      'a part that differs is passed',
      'return one !== other && one !== UNKNOWN',
      'return one === other && one !== UNKNOWN',
    ],
    ['what the source does not tell is a difference', 'one !== UNKNOWN && ', ''],
    [
      'what is on the target only is passed',
      'there.filter((fact) => !asked.has(keyOf(fact)))',
      'there.slice(there.length)',
    ],
    [
      'a user mapping of a missing server is told by itself, and --fix makes it in vain',
      "if (kind === 'user mapping')",
      "if (kind === '')",
    ],
    ['a column of a missing table is told by itself', 'missing.has(wholeOf(fact))', 'missing.has(fact.kind)'],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/describe-facts.ts',
    PURE,
    ['an owner that somebody else got is expected', 'there.parts[part] === own && ', ''],
    ['an owner that ours could give is expected', '(owner === bootstrap || !assumable.has(owner))', 'true'],
    [
      'what stays behind is expected whatever somebody has made of it on the target',
      'if (there === null) {\n    const left',
      'if (there === null || LEFT_BEHIND[kind] !== undefined) {\n    const left',
    ],
    ['everything that only the target has is its own', 'OWN_OF_TARGET.has(kind) ?', 'kind !== null ?'],
    [
      'any table that only the target has is taken for one of DMS',
      "if (isOfDms(there?.relation ?? ''))",
      'if (there?.relation != null)',
    ],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/same-here.ts',
    ['test/engine/compare/compare-objects.pg.test.ts'],
    ['words that cannot be made on the target are taken for none', ' || has === null) return', ') return'],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/goal-differences.ts',
    ['test/engine/compare/compare-objects.pg.test.ts'],
    [
      'of an index with its constraint only the constraint is made',
      'of.flatMap(({statements}) =>',
      'of.slice(-1).flatMap(({statements}) =>',
    ],
    ['--fix drops an index that somebody is building', ' && !replaced.has(one.object)', ''],
  ),
  ...mutationsOf('src/engine/compare/objects/fix.ts', PURE, [
    '--fix runs what replaces and takes',
    'creates && statement !== null',
    'statement !== null',
  ]),
  ...mutationsOf(
    'src/engine/compare/objects/left-to-step.ts',
    PURE,
    ['what production has altered since P is a difference of the load', '!gone || ', 'true || '],
    ['what build-indexes has told of is told twice', '!told.some(', 'told !== null || !told.some('],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/grantors.ts',
    RIGHTS,
    [
      'what the platform has given on the target is a difference',
      'isOurs(row, ofSource) && !asked.has(keyOf(row))',
      '!asked.has(keyOf(row))',
    ],
    [
      'who has given it on the source is of no matter',
      'isOurs(row, ofSource) && !asked.has(keyOf(row))',
      'isOurs(row, ofSource) && asked.size === 0',
    ],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/revoked.ts',
    RIGHTS,
    ['what was revoked on the target alone is passed', 'row.revoke && !has.has(', 'false && !has.has('],
    ['--fix gives back what somebody has taken on the target', 'creates: false', 'creates: true'],
    ['what was revoked on the source as well is missing', 'row.revoke && !has.has(keyOfGrant(row))', 'row.revoke'],
    [
      'what an extension of the target has taken is missing',
      "row.object.startsWith('DATABASE ') || objects.has(nameOf(row))",
      "row.object !== ''",
    ],
    [
      'what schema public is made with is told twice',
      ".filter((row) => !(row.object === 'SCHEMA public' && row.grantee === null))",
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/privileges.ts',
    RIGHTS,
    ['a privilege without its option is too much', ' && !has.has(keyOfGrant({...row, grantable: true}))', ''],
    [
      'a privilege is taken back where only the option is too much',
      "isOption ? revoke.replace(/^REVOKE /, 'REVOKE GRANT OPTION FOR ') : revoke",
      'isOption ? revoke : revoke',
    ],
    ['default privileges of others are ours to set', 'assumable.has(row.owner) && isHere(row)', 'isHere(row)'],
    [
      'what a role of the source gives on the target alone is passed',
      '(assumable.has(row.owner) || ofSource.has(row.owner))',
      'assumable.has(row.owner)',
    ],
    [
      "the platform's default privileges are a difference",
      '(assumable.has(row.owner) || ofSource.has(row.owner))',
      'row.owner !== null',
    ],
    [
      'default privileges that are there are said to stay behind',
      '!assumable.has(row.owner) && !has.has(JSON.stringify(row))',
      '!assumable.has(row.owner) && has.size !== -1',
    ],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/large-object-owners.ts',
    RIGHTS,
    [
      'a comment behind the last that was read is taken for missing',
      'last === null || BigInt(oid) <= last',
      'last === null || last > 0n',
    ],
    ['a large object without its comment is passed', 'has.get(oid) !== comment', 'has.get(oid) === comment'],
  ),
  ...mutationsOf(
    'src/engine/load/object-rights.ts',
    ['test/engine/load/object-rights.test.ts'],
    ['what ours may not give away becomes the property of who made most', ': own;', ': null;'],
  ),
];
