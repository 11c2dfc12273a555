import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const LEFT_TO_DO = carriedOut(
  'test/e2e/cutover/last-comparison.test.ts',
  'and what is left to do helps as it is written',
);

/** What the last comparison says, and what follows it. */
export const OF_FINAL: readonly Remedy[] = [
  ...of('engine/cutover/final/final-comparison.ts', [
    [
      'longhaul compare names the rows; mend them on the target, then longhaul cutover',
      'a cutover cannot go on',
      forPeople('who writes, locks or waits there has to be ended by somebody who knows what it is'),
    ],
  ]),
  ...of('engine/cutover/final/end-of-comparison.ts', [
    [
      'compare them by hand, as a role with BYPASSRLS',
      'rows are hidden from our role at the last comparison',
      forPeople('which rows a role may see is for their owner to say'),
    ],
    [
      'find its rows on the source, which takes no writes; …',
      'a cutover cannot go on',
      forPeople('whether to go back is theirs to say; test/e2e/back carries longhaul back out'),
    ],
    [
      "longhaul accept 'table …' leaves it so",
      'a cutover cannot go on',
      carriedOut('test/e2e/cutover/last-comparison.test.ts', 'and what is left to do helps as it is written'),
    ],
  ]),
  ...of('engine/cutover/sequences/numbers-taken.ts', [
    ['there, unless the application means it so: …', 'a sequence is behind its column', LEFT_TO_DO],
  ]),
  ...of('engine/cutover/views.ts', [
    [
      'give them a unique index of plain columns, without WHERE, or set cutover.refresh_views to beside-readers, which leaves them as the load filled them',
      'a view that has no unique index is filled anew behind the hand-over',
      forPeople('which columns of a view are unique, whose it is knows'),
    ],
    [
      'once the target takes writes, there, when those who read them can wait for it: …',
      'a view is not filled anew behind the hand-over',
      LEFT_TO_DO,
    ],
  ]),
];
