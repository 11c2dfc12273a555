import {mutationsOf, type Mutation} from '../mutation.ts';

const REDUCE = ['test/domain/run/guards-reduce.test.ts', 'test/domain/run/reduce.test.ts'];
const OURS = ['test/engine/capture/guards-ours.test.ts'];
const JUDGE = ['test/engine/prove/judge-boundary.test.ts', 'test/engine/prove/guards-proof.test.ts'];

/** What is believed of P, of the load at it and of the proof. */
export const BOUNDARY: readonly Mutation[] = [
  ...mutationsOf(
    'src/domain/run/reduce/boundary.ts',
    REDUCE,
    [
      'a P that the replica left stays proved',
      'boundaryProved: false, boundaryMoved: entry.failure',
      'boundaryMoved: entry.failure',
    ],
    [
      'nobody is told that the replica left P',
      'boundaryProved: false, boundaryMoved: entry.failure',
      'boundaryProved: false',
    ],
    ['a new P stays lost', '        boundaryMoved: null,\n', ''],
    ['units stay in at a new P', 'state: queuedAgain(unit.state)}', 'state: unit.state}'],
    ['the comparison of the old P counts at the new one', '    rowsCompared: {tables: 0, differing: []},\n', ''],
    ['the load is thrown away where P is the same', 'state.boundary?.lsn === entry.boundary.lsn ? state : ', ''],

    [
      'steps after a new P stay done',
      'STEP_IDS.indexOf(step.id) > capture ?',
      'STEP_IDS.indexOf(step.id) > STEP_IDS.length ?',
    ],
    [
      'the proof stays done at a new P',
      'STEP_IDS.indexOf(step.id) > capture ?',
      'STEP_IDS.indexOf(step.id) > capture + 1 ?',
    ],
    ['released slots stay claimed', '!gone.has(object)', 'gone !== null'],
    ['all claims go with the released slots', '!gone.has(object)', 'gone === null'],
    [
      'create-slots stays done after a release',
      "STEP_IDS.filter((id) => phaseOf(id) !== 'prepare');",
      "STEP_IDS.filter((id) => phaseOf(id) === 'load');",
    ],
    ['the positions of released slots are believed', '!again.some((step) => step === id)', 'again.length > 0'],
    [
      'a run that was done stays done after a release',
      "state.status === 'done' ? 'stopped' : state.status",
      'state.status',
    ],
    ['a pause of ours is forgotten', '{...state, replayPaused: true}', 'state'],
    ['a resumed replica counts as paused', '{...state, replayPaused: false}', 'state'],
  ),
  ...mutationsOf(
    'src/domain/run/reduce/load.ts',
    REDUCE,
    ['a load that is planned at a new P keeps what was in', 'isSameP ? before : queuedAgain(before)', 'before'],
    [
      'a load that is planned again at its P begins anew',
      'isSameP ? before : queuedAgain(before)',
      'queuedAgain(before)',
    ],
    [
      'an attempt’s number is given twice',
      "unit.status === 'queued' ? unit.attempts : unit.attempt};",
      "unit.status === 'queued' ? unit.attempts : 0};",
    ],
    ['a unit is tried for ever', 'tries: triesOf(unit) + 1,', 'tries: 1,'],
    [
      'a retry that was asked for is the last',
      '{...unit, tries: 0, retryAt: entry.at}',
      '{...unit, retryAt: entry.at}',
    ],
  ),
  ...mutationsOf(
    'src/domain/run/row-difference.ts',
    REDUCE,
    ['a table with fewer rows counts as equal', 'return replicaRows !== targetRows || ', 'return '],
    ['a table whose months differ counts as equal', ' || monthsThatDiffer.length > 0', ''],
    ['a table whose rows differ counts as equal', ' || rowsThatDiffer !== undefined', ''],
  ),
  ...mutationsOf(
    'src/domain/run/run-state.ts',
    [...REDUCE, 'test/domain/rules/needs.test.ts', ...OURS],
    [
      'a load with open units is whole',
      "&& units.every((unit) => unit.state.status === 'committed')",
      "&& units.every((unit) => unit.state.status !== 'failed')",
    ],
    [
      'a load of another P is the load at P',
      'boundary !== null && loadBoundary === boundary.lsn',
      'boundary !== null && loadBoundary !== null',
    ],
    ['open units do not need P', 'if (open > 0) return', 'if (open > 1000) return'],
    [
      'rows that are not compared do not need P',
      "compared === 'done' || compared === 'skipped' ? null",
      "compared !== 'failed' ? null",
    ],
    ['a load that has not begun does not need P', "return 'the load at P has not begun';", 'return null;'],
  ),
  ...mutationsOf(
    'src/domain/pg/lsn.ts',
    [...REDUCE, 'test/domain/pg/lsn.test.ts'],
    ['positions compare the wrong way', 'distance < 0n ? -1 :', 'distance < 0n ? 1 :'],
    ['the earlier of two positions is taken', 'compareLsn(a, b) >= 0 ? a : b', 'compareLsn(a, b) <= 0 ? a : b'],
    ['positions are four gigabytes short', '<< 32n', '<< 31n'],
    ['any text is a position', 'return FORM.test(text);', 'return text.length > 0;'],
  ),
  ...mutationsOf(
    'src/engine/capture/anchor-positions.ts',
    OURS,
    ['P may lie before the last table', 'const after = [afterTables, ', 'const after = ['],
    ['P may lie before the sentinel behind the slots', 'afterTables, sentinel ?? null]', 'afterTables]'],
    ['P may lie before a slot', '[...slots.values(), ', '['],
    ['the earliest slot is waited for', 'laterLsn(latest, lsn)', 'lsn'],
  ),
  ...mutationsOf(
    'src/domain/rules/needs.ts',
    OURS,
    ['the steps before P are done again once all is over', "resume === 'done' ||", 'resume === null ||'],
    ['a refused resume ends the load', '!state.replayPaused &&', 'state.status !== null &&'],
    ['a resume before the load ends it', 'allCommitted(state) && (', '('],
  ),
  ...mutationsOf(
    'src/engine/prove/judge-boundary.ts',
    JUDGE,
    [
      'a slot that begins after P is passed',
      'holds: begins !== null && compareLsn(evidence.boundary.lsn, begins) >= 0',
      'holds: begins !== null',
    ],
    [
      'a slot that begins at P is refused',
      'compareLsn(evidence.boundary.lsn, begins) >= 0',
      'compareLsn(evidence.boundary.lsn, begins) > 0',
    ],
    [
      'an unknown beginning of a slot is passed',
      'holds: begins !== null && compareLsn',
      'holds: begins === null || compareLsn',
    ],
    [
      'a P before the last table is passed',
      'holds: anchors.afterTables !== null && compareLsn(boundary.lsn, anchors.afterTables) >= 0',
      'holds: anchors.afterTables !== null',
    ],
    ['an unknown A is passed', 'holds: anchors.afterTables !== null && ', 'holds: anchors.afterTables === null || '],
    ['a run without slots is proved', 'holds: slots.length > 0', 'holds: slots.length >= 0'],
    ['a slot that somebody reads is passed', 'holds: !slot.active', 'holds: true'],
    ['a slot that has lost its WAL is passed', "slot.walStatus !== 'lost' && ", ''],
    ['a slot that is about to lose its WAL is passed', " && slot.walStatus !== 'unreserved'", ''],
    ['a slot without restart_lsn is passed', 'holds: restart !== null && ', 'holds: '],
    ['an invalidated slot is passed', 'holds: slot.invalidationReason === null', 'holds: true'],
    ['a slot of another database is passed', ' && slot.database === database', ''],
    ['a slot of another plugin is passed', ' && slot.plugin === plugin', ''],
    ['a physical slot is passed', "holds: slot.kind === 'logical' && ", 'holds: '],
    ['a slot that is gone is passed', "seen: 'there is none', holds: false", "seen: 'there is none', holds: true"],
    [
      'a replica that is not paused is passed',
      'holds: moved === null && replica.paused',
      'holds: moved === null',
      'the fence has the pause in it as well',
    ],
    ['a replica that has left P is passed', 'holds: moved === null && replica.paused', 'holds: replica.paused'],
  ),
];
