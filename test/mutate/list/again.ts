import {mutationsOf, type Mutation} from '../mutation.ts';

const JUDGING = ['test/engine/compare/again/judging.test.ts'];
const STORY = ['test/engine/compare/again/compare-again.pg.test.ts'];

/** Rows compared while change capture runs: nothing is compared between two commits, nothing in flight is an alarm, and what was held goes on. */
export const AGAIN: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/compare/again/judge-fence.ts',
    JUDGING,
    [
      'commits between replica and target are passed over',
      'address(commit) >= from && address(commit) < address(own.commit),',
      'address(commit) > address(own.commit) && from < 0n,',
    ],
    [
      'the target may be behind the replica’s position',
      'if (compareLsn(appliedLsn, at) > 0) return `the target',
      'if (compareLsn(appliedLsn, at) > 9) return `the target',
    ],
    [
      'what was confirmed is taken for what was never there',
      'if (compareLsn(confirmedLsn, at) > 0) return `all up',
      'if (compareLsn(confirmedLsn, at) > 9) return `all up',
    ],
    ['a slot that is read proves nothing', "if (isRead) return 'somebody reads", "if (false) return 'somebody reads"],
  ),
  ...mutationsOf(
    'src/engine/compare/again/judge-round.ts',
    JUDGING,
    ['a row that changes is an alarm', 'const isStill = versionsOf(one) === versionsOf(two);', 'const isStill = true;'],
    [
      'a row that comes and goes is an alarm',
      'if (isStill && (!hasMore || before?.get(key) === versionsOf(here)))',
      'if (isStill)',
    ],
    ['what is as it was before is an alarm', 'contentOf(here) === contentOf(one) || ', ''],
  ),
  ...mutationsOf(
    'src/engine/compare/again/compare-again.ts',
    ['test/engine/compare/again/owed.test.ts'],
    ['what came to be owed behind the comparison is settled by it', 'startedAt === null || since > startedAt', 'false'],
    [
      'what an operator has begun is taken for the step’s',
      "if (by !== 'compare-again' || tables.length > 0) return false;",
      'if (tables.length > 0) return false;',
    ],
  ),
  ...mutationsOf('src/engine/schema/beside/restore-unique.ts', JUDGING, [
    'a deferrable constraint comes back beside the apply',
    'if (deferrable) return',
    'if (false) return',
  ]),
  ...mutationsOf('src/engine/run/supervisor.ts', STORY, [
    'what a killed supervisor has held stays held',
    "  await takeBack(ctx, 'run').catch((error: unknown) => options.complain(failureOf(error).message));\n  const beating = [beatSentinels(ctx), watchSource(ctx), takeBackForSure(ctx, 'run'), kickWhatIsDown(ctx)];",
    '  const beating = [beatSentinels(ctx), watchSource(ctx), kickWhatIsDown(ctx)];',
  ]),
];
