import {mutationsOf, type Mutation} from '../mutation.ts';

const BEHIND = ['test/probes/judge/falls-behind.test.ts'];
const FORETOLD = ['test/probes/judge/foretell-catch-up.test.ts', 'test/domain/ends/catch-up.test.ts'];
const CONFLICTS = ['test/engine/capture/guard/guard-conflicts.test.ts'];
const LOST = ['test/engine/capture/guard/lost-tables.test.ts', 'test/engine/capture/guard/not-captured.test.ts'];
const LEFT = ['test/engine/capture/guard/left-over.test.ts'];

/** What change capture says of itself: how far behind, what did not fit, what is left over. */
export const FALLING: readonly Mutation[] = [
  ...mutationsOf(
    'src/probes/judge/capture/falls-behind.ts',
    BEHIND,
    ['a slot that comes nearer again is told to fall behind', 'return isWorst && rises', 'return rises'],
    ['one batch that is not made up for is taken for hours', 'rises >= RISES && ', ''],
    ['next to nothing is an alarm', ' && toBytes - fromBytes >= LEAST_BYTES', ''],
    ['a burst counts', '[Math.min(...values)]', '[Math.max(...values)]'],
    ['a short watch is enough', 'if (first.atMs > fromMs + SLACK_MS) return null;\n', ''],
    ['what was applied long ago counts as behind', 'recent.every(({value}) => value > 0)', 'true'],
    ['it flaps where it is as far behind as it was', 'if (!isRaised(observed, id) || last === undefined)', 'if (true)'],
    ['it stays for ever', 'now >= LEAST_BYTES && now >= upperLimit(observed, id, Math.max(...marks))', 'now >= 0'],
    ['one that is paused is over', 'if (!isApplied(figures, of)) return raisedSoFar(observed, id);\n', ''],
  ),
  ...mutationsOf('src/probes/judge/capture/lags.ts', BEHIND, [
    'that a slot fell behind while it was paused counts as its pace',
    'idle.has(of) ? [] : ',
    '',
  ]),
  ...mutationsOf(
    'src/probes/judge/capture/foretell-catch-up.ts',
    FORETOLD,
    ['an end is foretold of what is not applied', '!isApplied(reading.figures, of)', 'false'],
    ['an end is foretold from what was seen long ago', 'if (isOld || ', 'if ('],
  ),
  ...mutationsOf('src/domain/ends/catch-up.ts', FORETOLD, [
    'a slot that falls behind is foretold to catch up',
    'perSecond < 0 ? left',
    'perSecond !== 0 ? left',
  ]),
  ...mutationsOf(
    'src/engine/capture/guard/guard-conflicts.ts',
    CONFLICTS,
    [
      'changes that were skipped after a crash of the target are told of by nobody',
      'count !== told.get(slot)',
      'count > (told.get(slot) ?? 0)',
    ],
    ['a comparison is owed anew by every supervisor', 'told ?? (await readSkipped(ctx))', 'told ?? new Map()'],
    [
      'what slots of another P have skipped counts as told',
      'kept.boundary === (state().boundary?.lsn ?? null) ? kept.skipped : []',
      'kept.skipped',
    ],
    ['what is counted anew is told of by nobody', 'new Map([...known, ...skipped])', 'known'],
  ),
  ...mutationsOf('src/engine/capture/guard/left-over.ts', LEFT, [
    'a table that the target has no more keeps the cutover for good',
    'candidates.filter((table) => !missing.has(quoteRelation(table)))',
    'candidates',
  ]),
  ...mutationsOf(
    'src/engine/capture/guard/lost-tables.ts',
    LOST,
    ['what nobody tells of keeps nobody from the cutover', ' === null ? [...left] : [];', ' === null ? [] : [];'],
    ['a table that nobody can adopt is forgotten', '|| !left.every(mayAdopt)) return', ') return'],
    ['a P that was never proved is taken for proved', '!ctx.state().boundaryProved || ', ''],
    ['a slot without its publication is captured by nobody', ' && !broken.includes(slot)', ''],
    ['a sentinel that is not captured tells nothing', 'if (table.schema === SENTINEL_SCHEMA) return false;\n', ''],
  ),
  ...mutationsOf(
    'src/engine/run/needs.ts',
    LOST,
    [
      'a table that was taken out behind P is put back without a word of what was missed',
      'return boundaryProved && evidence[id] !== undefined && begunAt !== id;',
      'return false;',
    ],
    ['what was never made is taken for made', 'evidence[id] !== undefined && ', ''],
  ),
  ...mutationsOf('src/engine/capture/native/read-not-published.ts', LOST, [
    'a publication that is gone is made good by adopting a table',
    '!publicationsOf(slot).every(',
    '!publicationsOf(slot).some(',
  ]),
  ...mutationsOf('src/domain/run/capture/left-over.ts', LEFT, [
    'a table that the source still has is said to be dropped',
    '    gone,\n',
    '    adopted.map(({table}) => table),\n',
  ]),
];
