import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

/** What is said where somebody else has altered what change capture rests on. */
export const OF_BY_OTHERS: readonly Remedy[] = [
  ...of('engine/capture/adopt/copy-table.ts', [
    [
      'longhaul cutover --check has the statement that allows it; then give the command again',
      'a table that is copied anew has triggers or foreign keys on the target',
      carriedOut(
        'test/e2e/cutover/rest-pglogical.test.ts',
        'is refused before writes are stopped where triggers would fire',
      ),
    ],
  ]),
  ...of('engine/capture/native/control/reconnect.ts', [
    [
      "the target's server must reach the source as …; see pg_hba.conf there",
      'the target does not take another connection to the source',
      forPeople('how its server reaches the source'),
    ],
  ]),
  ...of('engine/capture/pglogical/reconnect.ts', [
    [
      "the target's server must reach the source as …; see pg_hba.conf there",
      'the target does not take another connection to the source',
      forPeople('how its server reaches the source'),
    ],
  ]),
];
