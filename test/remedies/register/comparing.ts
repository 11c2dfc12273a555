import {carriedOut, of, type Remedy} from '../remedy.ts';

/** What is said of rows that differ after the load. */
export const OF_COMPARING: readonly Remedy[] = [
  ...of('engine/compare/stale-columns.ts', [
    [
      'UPDATE ONLY … SET … = … WHERE …',
      'a generated column was computed by a function that has changed since',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'generated columns that would be others today are found'),
    ],
  ]),
  ...of('engine/steps/load/compare-rows.ts', [
    [
      'generated columns were computed by a function that is another now, and the target computes them anew, however often they are loaded: …; on the source (a large table in pieces, by its key): …; …',
      'rows differ in a generated column whose function was replaced',
      carriedOut(
        'test/remedies/nightly-stale.pg.test.ts',
        'a generated column whose function was replaced after check',
      ),
    ],
    [
      '…: load these tables again from the replica, which is at P: …; then run again',
      'rows differ',
      carriedOut('test/remedies/nightly.pg.test.ts', 'rows that differ after the load'),
    ],
    [
      'somebody wrote to the target, or its rows were there before',
      'rows differ',
      carriedOut('test/remedies/nightly.pg.test.ts', 'rows that differ after the load'),
    ],
  ]),
];
