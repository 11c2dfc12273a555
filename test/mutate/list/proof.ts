import {mutationsOf, type Mutation} from '../mutation.ts';

const AGES = ['test/domain/run/guards-proof-ages.test.ts', 'test/domain/pg/hand-over.test.ts'];
const JUDGE = ['test/engine/prove/judge-boundary.test.ts', 'test/engine/prove/guards-proof.test.ts'];
const STORY = ['test/e2e/hand-off/proof-ages.test.ts'];

/** The proof of P, how it ages, and the word that change capture has begun. */
export const PROOF: readonly Mutation[] = [
  ...mutationsOf(
    'src/domain/reading/slots-away.ts',
    AGES,
    [
      'a slot that moved one byte past P is passed',
      'compareLsn(begins, boundary.lsn) <= 0',
      'compareLsn(begins, boundary.lsn) <= 1',
    ],
    ['a slot at P has moved', 'compareLsn(begins, boundary.lsn) <= 0', 'compareLsn(begins, boundary.lsn) < 0'],
    [
      'a slot that is gone is not missed',
      "if (slot === undefined) return [{name, how: 'gone', seen: GONE}];",
      'if (slot === undefined) return [];',
    ],
    ['a slot that was invalidated is passed', 'if (isLost(slot)) return', 'if (slot === null) return'],
    ['a reading from before the proof disproves it', 'if (at !== null && at <= lastProof.at) return [];', ''],
    ['what change capture does is an alarm', ' || cdcStarted !== null) return [];', ') return [];'],
    ['slots of others disprove P', 'lastProof.slots.flatMap((name)', 'slots.map((one) => one.name).flatMap((name)'],
  ),
  ...mutationsOf(
    'src/domain/pg/hand-over.ts',
    AGES,
    [
      'replay that was resumed at an older P counts',
      "evidence['resume-replay']?.boundary === boundary.lsn",
      "evidence['resume-replay'] !== undefined",
    ],
    [
      'a lost P is none once it was proved',
      '!(state.boundaryProved && isReplayResumed(state))',
      '!state.boundaryProved',
    ],
    [
      'a step that proves P itself ends with the proof',
      'STEP_IDS.indexOf(id) <= proved',
      'STEP_IDS.indexOf(id) < proved',
    ],
    ['a step that waits does not rest on the proof', "state.status === 'waiting' || ", ''],
    ['resume-replay ends with the proof that it makes', " && id !== 'resume-replay'", ''],
    [
      'change capture may begin without a proof',
      'if (state.lastProof === null) return',
      'if (state.lastProof === undefined) return',
    ],
    [
      'change capture may begin without slots',
      "if (state.lastProof.slots.length === 0) return 'this run has no slots that change capture could read';",
      '',
    ],
    [
      'change capture may begin before the load is in',
      'return isReplayResumed(state) ? null : whatNeedsBoundary(state);',
      'return null;',
    ],
  ),
  ...mutationsOf(
    'src/domain/run/reduce/boundary.ts',
    AGES,
    [
      'a proof that does not hold stays',
      'boundaryProved: false, boundaryDisproved: failure',
      'boundaryDisproved: failure',
    ],
    [
      'nobody is told why the proof does not hold',
      'boundaryProved: false, boundaryDisproved: failure',
      'boundaryProved: false',
    ],
    [
      'what rests on the proof goes on',
      '    if (step !== resting) return step;\n',
      '    if (step !== null) return step;\n',
    ],
    ['a word about change capture proves P', 'boundaryProved: state.lastProof !== null,', 'boundaryProved: true,'],
    [
      'a new P has the proof of the old one',
      '        ...NOT_PROVED,\n        boundaryMoved: null,\n',
      '        boundaryMoved: null,\n',
    ],
    [
      'P stays proved though its slots were dropped',
      '    ...NOT_PROVED,\n    boundaryMoved: {',
      '    boundaryMoved: {',
    ],
    [
      'another proof does not make good',
      "        boundaryDisproved: null,\n      };\n    case 'boundary.disproved'",
      "      };\n    case 'boundary.disproved'",
    ],
  ),
  ...mutationsOf(
    'src/engine/prove/judge-boundary.ts',
    JUDGE,
    [
      'a table that was taken out of its set is passed',
      'holds: notMembers.length === 0,',
      'holds: notMembers.length >= 0,',
    ],
    [
      'another primary’s replica is passed',
      'holds: primary.systemIdentifier === replica.systemIdentifier && ',
      'holds: ',
    ],
    ['another timeline is passed', 'holds: primary.timeline === replica.timeline', 'holds: true'],
    [
      'a replica ahead of its primary is passed',
      'holds: compareLsn(evidence.boundary.lsn, evidence.primary.flushLsn) <= 0',
      'holds: true',
    ],
    ['tables that the plan does not know are passed', "holds: tablesChange === ''", 'holds: true'],
    [
      'a source that is a standby is passed',
      'primary.systemIdentifier === replica.systemIdentifier && !primary.inRecovery',
      'primary.systemIdentifier === replica.systemIdentifier',
    ],
    [
      'another primary’s slots are proved once replay goes on',
      'primary.systemIdentifier === boundary.systemIdentifier && ',
      '',
    ],
    [
      'a standby’s slots are proved once replay goes on',
      'primary.systemIdentifier === boundary.systemIdentifier && !primary.inRecovery',
      'primary.systemIdentifier === boundary.systemIdentifier',
    ],
  ),
  ...mutationsOf(
    'src/engine/prove/watch-proof.ts',
    STORY,
    [
      'a proof that does not hold is not noted',
      "  await ctx.record({\n    type: 'boundary.disproved',\n",
      "  await Promise.resolve({\n    type: 'boundary.disproved',\n",
    ],
    ['the walk goes on without a proof', "  if (isResting) halt('P is no longer proved');\n", ''],
  ),
  ...mutationsOf(
    'src/engine/prove/cdc-started.ts',
    STORY,
    ['any word says that change capture has begun', 'if (typed !== run) return', "if (typed === '') return"],
    ['change capture begins with slots that are gone', '  if (dead.length > 0)\n', '  if (dead.length > 1000)\n'],
  ),
  ...mutationsOf('src/engine/steps/load/resume-replay.ts', STORY, [
    'P is not proved again before replay is resumed',
    'proved.set(await proveAgain(ctx, position));',
    'proved.set(null);',
  ]),
  ...mutationsOf(
    'src/engine/exit/note-end.ts',
    ['test/e2e/hand-off/changed-under-it.test.ts'],
    ['a run to a step ends well with lost slots', 'await whyDisproved(walker)', 'null'],
  ),
];
