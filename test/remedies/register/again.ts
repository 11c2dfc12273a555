import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const STORY = 'test/engine/compare/again/compare-again.pg.test.ts';
const MENDED = 'once they are mended all is equal';
const KILLED = 'a supervisor that is killed while they are held leaves it to the next one to let them go on';

/** What comparing while change capture runs says. */
export const OF_AGAIN: readonly Remedy[] = [
  ...of('cli/commands/inspect/compare-again.ts', [
    [
      'longhaul status says how far the comparison is; one that its supervisor has left is taken back by the next: longhaul run',
      'the supervisor ends while it compares',
      carriedOut(STORY, KILLED),
    ],
  ]),
  ...of('domain/rules/refused-in-cdc.ts', [
    [
      'compare by hand what nobody writes to',
      'rows are to be compared after the cutover',
      forPeople('what is compared by hand is up to who writes'),
    ],
    [
      'compare by hand once the writers are stopped',
      'an engine writes no sentinels',
      forPeople('what is compared by hand is up to who stops the writers'),
    ],
    [
      'longhaul compare compares while the replica is at P',
      'rows are to be compared while change capture has not started',
      carriedOut(
        'test/engine/compare/compare-rows.pg.test.ts',
        'longhaul compare says it at any time, with exit 1; counts and samples say what they are',
      ),
    ],
    [
      'longhaul status shows what they wait for; compare-again is one of them',
      'rows are to be compared while the steps run',
      forPeople('says where to look, and what comes by itself'),
    ],
  ]),
  ...of('domain/rules/what-now.ts', [
    [
      'Apply and replay are held for a comparison since …; both go on by themselves once it is done.',
      'rows are compared while change capture runs',
      forPeople('says what is so, and what comes by itself'),
    ],
  ]),
  ...of('engine/compare/again/barrier.ts', [
    [
      'see in the slots pane why it is late, wait until it has caught up, then compare again; timeouts.pause is how long it is waited for',
      'change capture does not come on',
      forPeople('why it is late is not said here'),
    ],
  ]),
  ...of('engine/compare/again/by-command.ts', [
    [
      'longhaul status shows what they wait for; compare-again is one of them',
      'rows are to be compared while the steps run',
      forPeople('says where to look, and what comes by itself'),
    ],
  ]),
  ...of('engine/compare/again/compare-again.ts', [
    [
      'name it with its schema, as longhaul status --json lists the tables of the units: longhaul compare --again public.users',
      'a table is not named as it is called',
      carriedOut(STORY, MENDED),
    ],
  ]),
  ...of('engine/compare/again/slices.ts', [
    [
      'longhaul cdc resume …',
      'somebody has stopped a slot',
      carriedOut(
        'test/e2e/native/during.test.ts',
        'a slot that is paused keeps what comes, and brings it once it is resumed',
      ),
    ],
    [
      "…; then longhaul compare --again, or longhaul run where it is the run's own step",
      'somebody has stopped a slot',
      carriedOut(
        'test/e2e/native/during.test.ts',
        'a slot that is paused keeps what comes, and brings it once it is resumed',
      ),
    ],
  ]),
  ...of('engine/compare/again/unproved.ts', [
    [
      'longhaul compare --again tries it again; longhaul compare --again --converging compares without holding anything',
      'replica and target are not held at one commit for certain',
      carriedOut(
        STORY,
        'every planted difference is found with its row and nothing else, held at one commit or converging',
      ),
    ],
  ]),
  ...of('engine/steps/cdc/compare-again.ts', [
    [
      'generated columns were computed by a function that is another now, and the target computes them anew: on the source (a large table in pieces, by its key): …; it comes to the target by itself: longhaul compare --again; once it finds them equal, longhaul continue',
      'rows differ in a generated column whose function was replaced, while change capture runs',
      carriedOut('test/cases/stories/findings.pg.test.ts', 'generated columns that would be others today are found'),
    ],
    [
      'somebody wrote to the target, or change capture has lost or changed something: find which (who writes there, longhaul status, the log of the target), mend these rows on the target as they are on the source, then longhaul compare --again; once it finds them equal, longhaul continue',
      'rows differ while change capture runs',
      carriedOut(STORY, MENDED),
    ],
  ]),
];
