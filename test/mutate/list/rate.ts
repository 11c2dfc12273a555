import {mutationsOf, type Mutation} from '../mutation.ts';

const THROTTLED = ['test/engine/load/host/throttled-lane.test.ts'];
const WORD = ['test/engine/run/guards-word.test.ts'];
const RATES = ['test/e2e/faults/rate.test.ts'];

/** A rate for all lanes, and what a load begins on. */
export const RATE: readonly Mutation[] = [
  ...mutationsOf('src/engine/load/outcome.ts', THROTTLED, [
    'a pv that was killed is the failure of another',
    '    throttleFailure(unit, remains, table) ??\n',
    '',
  ]),
  ...mutationsOf('libexec/lane.sh', THROTTLED, [
    'no pv is in the pipe',
    '  if [ -e throttle.sh ]; then',
    '  if false; then',
  ]),
  ...mutationsOf('src/domain/run/run-state.ts', WORD, [
    'longhaul.yaml is not heard after somebody changed the rate',
    'rateAsked !== null && rateAsked.instead === configured',
    'rateAsked !== null',
  ]),
  ...mutationsOf('src/engine/load/lane/resize-load.ts', WORD, [
    'a rate is taken where there is no pv',
    'if (pv === null || off !== null)',
    'if (pv === undefined)',
  ]),
  ...mutationsOf(
    'src/engine/load/lane/resize-load.ts',
    ['test/engine/preflight/preflight.pg.test.ts'],
    [
      'more lanes begin than servers have room for',
      'lanes > ctx.state().lanes ? await judgeMoreLanes(ctx, lanes) : []',
      'lanes < 0 ? await judgeMoreLanes(ctx, lanes) : []',
    ],
  ),
  ...mutationsOf('src/engine/load/lane/throttle.ts', RATES, [
    'a share does not follow the lanes',
    'bytesPerSecond / Math.max(1, lanes)',
    'bytesPerSecond',
  ]),
  ...mutationsOf('src/engine/load/target-content.ts', RATES, [
    'a table that a lane has for itself is asked for rows',
    '...running]',
    ']',
  ]),
  ...mutationsOf(
    'src/engine/steps/load/full-load.ts',
    ['test/e2e/hand-off/guards-fence.test.ts'],
    [
      'a load begins on tables that are not stripped',
      'if (left.length === 0) return [];',
      'if (left.length >= 0) return [];',
    ],
  ),
];
