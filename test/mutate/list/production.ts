import {mutationsOf, type Mutation} from '../mutation.ts';

const LAB = ['test/e2e/faults/guards.test.ts'];
const SOURCE = ['test/e2e/faults/guards-servers.test.ts'];
const OURS = ['test/engine/capture/guards-ours.test.ts'];
const ABORT = ['test/engine/exit/guards-abort.test.ts'];

/** What a run makes on the primary, and what it takes back. */
export const PRODUCTION: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/exit/drop-our-slots.ts',
    LAB,
    ['every slot of the server is dropped', '.filter((slot) => claimed.includes(slotObject(slot.name)))', ''],
    ['no slot is dropped', 'await dropOne(source, slot.name, null)', 'await Promise.resolve(dropOne)'],
  ),
  ...mutationsOf(
    'src/engine/exit/abort.ts',
    ABORT,
    [
      'a part that fails keeps the rest from being undone',
      'failed[step] = whyNot(error);\n',
      'failed[step] = whyNot(error);\n      break;\n',
    ],
    ['the run is forgotten though a part of it is left', 'if (Object.keys(failed).length === 0) await', 'await'],
    [
      'the run is not forgotten',
      "await ctx.record({type: 'run.aborted', by, evidence: undone});",
      'await Promise.resolve();',
    ],
    ['the first step is undone first', 'steps.toReversed()', 'steps'],
    ['what failed is not told', 'failed[step] = whyNot(error);\n', 'undone[step] = {why: whyNot(error)};\n'],
  ),
  ...mutationsOf(
    'src/engine/capture/dms/create-node.ts',
    LAB,
    ['a node of others is dropped', ' || !claimed.includes(nodeObject(name))', ''],
    [
      'a node of others is taken without asking',
      'state.claimed.includes(nodeObject(node.name)) || wasTaken(state.steps)',
      'state.claimed.length >= 0 || wasTaken(state.steps)',
    ],
    ['a second node is made beside the one that is there', 'if (there !== null) return [];', ''],
  ),
  ...mutationsOf('src/engine/capture/dms/create-node.ts', SOURCE, [
    'a node is made before it is claimed',
    'claimFirst(ctx, [nodeObject(name)], create)',
    'claimFirst(ctx, [], create)',
  ]),
  ...mutationsOf('src/engine/claim-first.ts', SOURCE, [
    'what is made is claimed after it',
    "    if (!objects.every((object) => claimed.includes(object))) await ctx.record({type: 'objects.claimed', objects});\n    await action.execute();",
    "    await action.execute();\n    if (!objects.every((object) => claimed.includes(object))) await ctx.record({type: 'objects.claimed', objects});",
  ]),
  ...mutationsOf('src/engine/capture/dms/create-replication-sets.ts', LAB, [
    'sets of others are dropped',
    '.filter((set) => claimed.includes(setObject(set.name)))',
    '',
  ]),
  ...mutationsOf(
    'src/engine/capture/dms/create-replication-sets.ts',
    OURS,
    [
      'a set that was there before is taken for ours',
      "(!claimed.includes(setObject(set.name)) && 'was there before this run') ||",
      '',
    ],
    ['a set without inserts is passed', 'want.inserts === set.inserts &&', ''],
    ['a set without updates is passed', 'want.updates === set.updates &&', ''],
    ['a set without deletes is passed', 'want.deletes === set.deletes &&', ''],
    ['a set without truncates is passed', 'want.truncates === set.truncates', 'want.name === set.name'],
  ),
  ...mutationsOf('src/engine/capture/dms/create-replication-sets.ts', SOURCE, [
    'sets are made before they are claimed',
    'const objects = missing.map((set) => setObject(set.name));',
    'const objects: string[] = [];',
  ]),
  ...mutationsOf(
    'src/engine/capture/slots/create-slots.ts',
    OURS,
    [
      'a slot that was there before is taken for ours',
      "(!claimed.includes(slotObject(slot.name)) && 'was there before this run')",
      'false',
    ],
    [
      'a slot of another plugin is taken',
      '(slot.plugin !== plugin && `uses the plugin ${slot.plugin}, not ${plugin}`) ||',
      '',
    ],
    [
      'a slot of another database is taken',
      '(slot.database !== database && `belongs to the database ${slot.database}`) ||',
      '',
    ],
    ['a physical slot is taken', "(slot.kind !== 'logical' && 'is a physical slot') ||", ''],
  ),
  ...mutationsOf('src/engine/capture/slots/create-slots.ts', SOURCE, [
    'slots are made before they are claimed',
    'const objects = missing.map((name) => slotObject(name));',
    'const objects: string[] = [];',
  ]),
  ...mutationsOf(
    'src/engine/capture/wanted-memberships.ts',
    OURS,
    [
      'a table without a key comes into the update set',
      'if (withKey.has(quoteRelation(table))) return',
      'if (withKey.size > 0) return',
    ],
    [
      'a table with a key comes into the insert set alone',
      'return [{set: updateSetOf(slot.name), table}, inserts];',
      'return [inserts];',
    ],
    [
      'inserts into a table with a key are not carried',
      'return [{set: updateSetOf(slot.name), table}, inserts];',
      'return [{set: updateSetOf(slot.name), table}];',
    ],
    [
      'a table without a key comes into no set',
      '      insertOnly.push(table);\n      return [inserts];',
      '      insertOnly.push(table);\n      return [];',
    ],
  ),
  ...mutationsOf(
    'src/engine/capture/dms/add-tables.ts',
    SOURCE,
    [
      'A is read before the tables are added',
      '    await executeAll(await this.plan(ctx));\n    return evidence(ctx, null);\n',
      '    const early = await evidence(ctx, null);\n    await executeAll(await this.plan(ctx));\n    return early;\n',
    ],
    ['A moves on with every look', 'afterTablesLsn: known ?? insertLsn,', 'afterTablesLsn: insertLsn,'],
    ['memberships of others are taken away', 'ours.has(setObject(member.set)) && ', ''],
    [
      'what an earlier plan put into our sets stays',
      '...stale.map(({set, table}, done) => {',
      '...stale.slice(0, 0).map(({set, table}, done) => {',
    ],
    [
      'a table that has come since is not seen',
      "const changed = await checkTablesChange(ctx, 'add-tables');",
      'const changed: Finding[] = [];',
    ],
    ['tables are not added', '    await add.execute();\n', ''],
  ),
  ...mutationsOf(
    'src/engine/capture/objects.ts',
    OURS,
    [
      'updates are carried by no set',
      'inserts: false, updates: true, deletes: true',
      'inserts: false, updates: false, deletes: true',
    ],
    ['inserts come twice', 'inserts: false, updates: true', 'inserts: true, updates: true'],
    ['truncates are carried by no set', 'deletes: false, truncates: true}', 'deletes: false, truncates: false}'],
  ),
  ...mutationsOf(
    'src/domain/run/claimed.ts',
    ['test/domain/run/guards-reduce.test.ts'],
    [
      'a set is taken for a slot',
      'object.startsWith(before) ? [object.slice(before.length)] : []',
      '[object.slice(before.length)]',
    ],
  ),
  ...mutationsOf(
    'src/engine/exit/drop-slot.ts',
    LAB,
    ['physical slots are released', "slot.kind === 'logical' && isWanted(slot.name)", 'isWanted(slot.name)'],
    ['slots of others are released', "slot.kind === 'logical' && isWanted(slot.name)", "slot.kind === 'logical'"],
    [
      'readers are not ended though asked',
      'void (await (await source.session()).run(statement))',
      'void (await source.session())',
    ],
    [
      'slots that were not claimed are released',
      'claimed.includes(slotObject(name))',
      'claimed.length > 0 || name === slotObject(name)',
    ],
  ),
  ...mutationsOf(
    'src/engine/exit/release.ts',
    LAB,
    ['readers are ended unasked', 'endReaders && slot.activePid !== null', 'slot.activePid !== null'],
    ['a slot that is kept counts as dropped', 'if (why !== null) kept[slot] = why;', ''],
    ['the walk goes on after a release', " order.halt('the slots were released');", ' await Promise.resolve();'],
    ['lanes go on after a release', "      await attempt(wrong, 'lanes', lanes);\n", ''],
    [
      'the journal does not hear of a release',
      "await failureOf(async () => ctx.record({type: 'slots.released', by: order.by, dropped: lost}));",
      'null;',
    ],
    ['replay is resumed unasked', 'order.resumeReplay ? await planResume', 'order.by ? await planResume'],
    [
      'replay is resumed though a slot is kept',
      'Object.keys(kept).length === 0 && (await',
      'Object.keys(kept).length >= 0 && (await',
    ],
  ),
  ...mutationsOf(
    'src/engine/exit/release.ts',
    ['test/engine/exit/guards-release.test.ts'],
    [
      'a slot is said to be dropped that the primary still shows',
      'else if (after.names.includes(name)) kept[name]',
      'else if (after.names.length < 0) kept[name]',
    ],
    [
      'slots are said to be dropped by a primary that does not answer',
      "if ('unread' in after) kept[name]",
      "if ('unread' in after && name.length < 0) kept[name]",
    ],
  ),
  ...mutationsOf('src/engine/exit/drop-slot.ts', OURS, [
    'a slot that somebody dropped is not missed',
    'filter((name) => slots.every((slot) => slot.name !== name))',
    'filter((name) => slots.some((slot) => slot.name === name))',
  ]),
  ...mutationsOf('src/engine/exit/release-command.ts', LAB, ['any word releases', 'typed !== run', "typed === ''"]),
  ...mutationsOf('src/engine/exit/resume-after.ts', LAB, [
    'a resumed replica counts as paused',
    "      await ctx.record({type: 'replay.resumed', by});\n",
    '',
  ]),
  ...mutationsOf(
    'src/domain/pg/release.ts',
    ['test/domain/pg/release.test.ts'],
    [
      'what others hold counts as freed',
      'compareLsn(theirs.restartLsn, current) > 0 ? current : theirs.restartLsn',
      'compareLsn(theirs.restartLsn, current) > 0 ? theirs.restartLsn : current',
    ],
    [
      'a slot of others is not named',
      '(theirs.retainedBytes ?? 0) > 0 ? theirs : null',
      '(theirs.retainedBytes ?? 0) < 0 ? theirs : null',
    ],
  ),
];
