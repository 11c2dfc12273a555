import {mutationsOf, type Mutation} from '../mutation.ts';

const NAMES = ['test/engine/compare/drift/taken-names.test.ts'];
const SEEN = ['test/engine/compare/drift/seen-objects.test.ts'];
const NOT_APPLIED = ['test/engine/capture/guard/not-applied.test.ts'];
const NOT_CAPTURED = ['test/engine/capture/guard/not-captured.test.ts'];
const ALARMS = ['test/probes/judge/capture-alarms.test.ts'];
const FORETOLD = ['test/probes/judge/foretell-catch-up.test.ts'];
const ADDING = ['test/engine/capture/adopt/adding.test.ts'];
const STORY = ['test/e2e/native/during.test.ts'];

/** What others turn round while changes are captured: names, what applies them, clocks. */
export const TURNED: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/compare/drift/taken-names.ts',
    NAMES,
    [
      'a column that was made anew under its name is taken for the one that was there',
      'return was === undefined || was === now.id\n',
      'return true\n',
    ],
    [
      'tables that were swapped are taken for what they are called',
      'if (was === undefined || was === now.oid || before.name === now.name) return [];',
      'return [];',
    ],
    ['a swap is told once, and never again', 'last.get(name)?.mark === one.mark', 'last.has(name)'],
    ['names that are swapped back are told by nobody', 'one.mark === AS_AT_P || taken.has(name)', 'true'],
    [
      'the rows that were copied for the new table are dropped on the target',
      'if (!there) return now.has(name) ? [] : [change];',
      'if (!there) return [change];',
    ],
    [
      'what was adopted for a table that was made anew is dropped on the target',
      'if (anew === undefined) return [];',
      'return [];',
    ],
    [
      'what a table has left under its own name stays on the target',
      'return now.has(was.name) ? [] :',
      'return true ? [] :',
    ],
  ),
  ...mutationsOf('src/engine/compare/drift/pair-facts.ts', NAMES, [
    'a column is dropped on the target that has the values of the new one',
    "fact.kind === 'column' ? take(",
    'false ? take(',
  ]),
  ...mutationsOf(
    'src/engine/compare/drift/seen-objects.ts',
    SEEN,
    [
      'what is changed back is told by nobody, though the target has followed',
      'if (last !== undefined && !isSame(last.now, now))',
      'if (false)',
    ],
    ['it is told to a target that has not followed', '({...one, isTurned: true})', '({...one})'],
    ['what the target has followed is forgotten with the next change', '[...earlier, last.now]', '[last.now]'],
    ['one that comes and goes all day is known for good', '.slice(-MOST)', ''],
  ),
  ...mutationsOf(
    'src/engine/compare/drift/followed.ts',
    SEEN,
    [
      'a key that comes with a partition is told to be made',
      '|| !LATER.has(change.kind) || !isOfOne(change)',
      '|| true',
    ],
    [
      'the target is to follow an identity by which no row is found',
      'if (live?.findsByIdentityAlone !== true || !isKeyless',
      'if (true || !isKeyless',
    ],
    ['a constraint that the load has left out is taken for a new one', '!LATER.has(kind)', 'true'],
    ['what the target has as the source is told all the same', ' === from;', ' !== undefined;'],
    [
      'a column that the target has under its earlier name is made once more, and empty',
      'all.find((change) => beginsWith(change, target)) ?? all.slice(0, 1)',
      'all.slice(0, 1)',
    ],
  ),
  ...mutationsOf(
    'src/engine/capture/guard/not-applied.ts',
    NOT_APPLIED,
    ['a table counts as lost by what an abort takes away', 'told: within(tables, last.tables)', 'told: tables'],
    ['one that was adopted a moment ago counts as lost', 'if (now.adopted !== adopted) ', 'if (false) '],
    ['before it has begun nothing is applied', ' || ctx.state().cdcStarted === null', ''],
  ),
  ...mutationsOf('src/engine/capture/native/control/adoption.ts', ADDING, [
    'a table that is adopted comes through another slot as well',
    'const dropped = bringing.map(',
    'const dropped = bringing.slice(0, 0).map(',
  ]),
  ...mutationsOf('src/engine/capture/pglogical/adoption.ts', ADDING, [
    'a table without a key is adopted by nobody',
    ' && !isFull',
    '',
  ]),
  ...mutationsOf('src/engine/capture/pglogical/adoption.ts', ADDING, [
    'a table that is adopted comes through the sets of another slot as well',
    '...bringing.map(({name}) => removeTableFromSet(name, table)),',
    '',
  ]),
  ...mutationsOf(
    'src/engine/capture/adopt/carry-out.ts',
    ['test/e2e/capture/by-hand.test.ts'],
    ['a table is adopted into what its subscription does not ask for', '  await makeWhole(ctx, adopting);\n', ''],
  ),
  ...mutationsOf('src/engine/capture/guard/not-captured.ts', NOT_CAPTURED, [
    'what a subscription asks for is asked by nobody',
    '!one.asks.includes(set)',
    'false',
  ]),
  ...mutationsOf('src/probes/watched/capture.ts', ALARMS, [
    'what nobody wrote while no supervisor lived is an alarm',
    'Math.min(quietSeconds ?? 0, watchedSeconds)',
    'quietSeconds ?? 0',
  ]),
  ...mutationsOf('src/probes/watched/capture.ts', ALARMS, [
    'what a comparison has held is stopped at once when that lets it go',
    'held ? atMs : (before?.stoppedMs ?? atMs)',
    'before?.stoppedMs ?? atMs',
  ]),
  ...mutationsOf('src/probes/judge/capture/guard-alarms.ts', ALARMS, [
    'who has tasks of DMS is told to adopt',
    'mayAdopt || state.cdcStarted === null ? adoptionOf(table, state) : byHand(table, state)',
    'adoptionOf(table, state)',
  ]),
  ...mutationsOf('src/probes/judge/capture/foretell-catch-up.ts', FORETOLD, [
    'one that has caught up is foretold to be behind',
    'if (isKnown && isCaughtUpNow(before.catchUp) === last.value <= enough)',
    'if (isKnown)',
  ]),
  ...mutationsOf('src/pg/capture/sentinels.ts', STORY, [
    'sentinels of a clock that was set back count as arrived',
    ', 1 + greatest(${newest.join(',
    ', 0 * greatest(${newest.join(',
  ]),
];
