import {mutationsOf, type Mutation} from '../mutation.ts';

const STATE = ['test/domain/run/capture/capture-state.test.ts'];
const HISTORY = ['test/engine/capture/guard/judge-history.test.ts'];
const TABLES = ['test/engine/capture/guard/guard-tables.test.ts'];
const NOT_CAPTURED = ['test/engine/capture/guard/not-captured.test.ts'];
const CONTROL = ['test/engine/capture/control/go-on-anyhow.test.ts'];
const STORY = ['test/e2e/native/during.test.ts'];

/** Change capture that runs: what may be dropped of it, what is exact, and what the cutover is refused by. */
export const DURING: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/capture/control/by-command.ts',
    STORY,
    ['another transaction is dropped than was shown', 'if (commitLsn !== shown)', 'if (false)'],
    [
      'a transaction is dropped, and nobody has to compare its tables',
      "await ctx.record({type: 'cdc.skipping', slot, by: who, xid, commitLsn, endLsn, tables, changes});",
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/capture/guard/judge-history.ts',
    HISTORY,
    [
      'slots that a way back has made anew are taken for stolen',
      'then.cutover === now.cutover && then.back === now.back ? slots : []',
      'slots',
    ],
    ['a slot that was made again is not noticed', 'now.transactions < then.transactions &&', 'false &&'],
    [
      'a crash of the source is taken for a slot that was made again',
      'then.countedSince !== now.countedSince',
      'false',
    ],
    ['figures that somebody resets make a run void', '(now.resetAt === null || now.resetAt === then.resetAt)', 'true'],
    ['a target that was set back is not noticed', 'compareLsn(now, certain) < 0 &&', 'false &&'],
    ['a crash of both makes a run void', ' && compareLsn(certain, confirmedLsn) <= 0', ''],
    [
      'what a crash may take from the target counts as certain',
      ' || compareLsn(appliedLsn, confirmedLsn) > 0) return certainLsn;',
      ') return certainLsn;',
    ],
    ['a promotion is not noticed', 'boundary.timeline !== source.timeline)', 'false)'],
    ['another cluster is taken for the source', 'boundary.systemIdentifier !== source.systemIdentifier', 'false'],
    ['a source that was set back is not noticed', 'compareLsn(appliedLsn, insertLsn) > 0', 'false'],
    [
      'a slot that somebody else reads is not noticed',
      'if (isIdle && compareLsn(one.confirmedLsn, then.confirmedLsn) > 0)',
      'if (false)',
    ],
    [
      'a task that somebody has let run for a moment is taken for a theft, which voids the run',
      ' || then.lastRan !== one.lastRan;',
      ';',
    ],
    [
      'what this run itself lets go on under its fences is taken for a theft',
      'const isIdle = !isOurs && ',
      'const isIdle = ',
    ],
  ),
  ...mutationsOf(
    'src/engine/capture/control/go-on-anyhow.ts',
    CONTROL,
    ['what fails behind the stop leaves the slot stopped', '    await goOnAnyhow(going);\n', ''],
    ['what an operator has paused is let go on', 'capture.paused.some((one) => one.slot === slot)', 'false'],
    ['what a fence holds is let go on', 'fence?.slots.includes(slot) === true || ', ''],
  ),
  ...mutationsOf(
    'src/engine/capture/control/cut-off.ts',
    ['test/engine/capture/control/cut-off.test.ts'],
    [
      'a transaction that a time-out has cut off may be dropped',
      'return !mayBeCutOff(now.atMs - absent.atMs, timeoutMs);',
      'return true;',
    ],
    ['an attempt that nobody has seen begin is judged', 'if (absent !== undefined)', 'if (absent !== null)'],
    ['one that is applied for long counts as failed', 'pid === null || !mayBeCutOff(lasted, timeoutMs)', 'true'],
  ),
  ...mutationsOf(
    'src/probes/judge/capture/cut-off.ts',
    ['test/probes/judge/capture-workers.test.ts'],
    [
      'an error that comes soon is taken for a time-out',
      "value('worker_seconds') >= SHARE_SEEN * Math.min(...limits)",
      'true',
    ],
    [
      'a skip is offered once the time-out is raised that has cut its worker off',
      '[name, `${name}_before`].flatMap',
      '[name].flatMap',
    ],
    [
      'who stops a subscription twice and lets it go on has raised a time-out’s alarm',
      "value('worker_errors') === 0 && restarts >= BY_NOBODY",
      "value('worker_errors') === 0",
    ],
  ),
  ...mutationsOf(
    'src/probes/watched/capture.ts',
    ['test/probes/judge/capture-alarms.test.ts', 'test/probes/judge/capture-workers.test.ts'],
    ['a worker that fails late is down for nobody', ' || workers.lives.length > RESTARTED', ''],
    [
      'who stops a slot again and again is told of a loop',
      "state === 'stopped' || before?.appliedLsn",
      'before?.appliedLsn',
    ],
    ['one that has waited once hides the errors after it', 'Math.min(...ended.map', 'Math.max(...ended.map'],
    [
      'one that errs at once after a wait counts as cut off',
      'pid !== workerPid).slice(-ENDED_LATE)',
      'pid !== workerPid)',
    ],
    ['what a remedy has mended stays an alarm', 'own !== undefined && ', 'own === null && '],
  ),
  ...mutationsOf(
    'src/probes/watched/hung.ts',
    ['test/probes/judge/hung.test.ts'],
    ['a worker that was stopped runs', 'return moves ? {sinceMs: atMs, at} : still;', 'return {sinceMs: atMs, at};'],
    ['an idle slot hangs', ' || seen.lagSeconds === 0) return null;', ') return null;'],
    ['a large transaction hangs', ' || hasHeard(seen, atMs - (before?.atMs ?? atMs));', ';'],
    ['what no target tells is taken for silence', 'heardSeconds === undefined ? UNHEARD_MS : HUNG_MS', 'HUNG_MS'],
    ['what is applied counts for nothing', 'seen.appliedLsn, seen.receivedLsn', 'seen.receivedLsn'],
  ),
  ...mutationsOf(
    'src/probes/judge/capture/capture-alarms.ts',
    ['test/probes/judge/hung.test.ts'],
    [
      'a worker that does nothing is told when its sentinels are late',
      "  if (value('hung_seconds') !== 0) return [alarm('hung', 'warning', hungOf(value))];\n",
      '',
    ],
  ),
  ...mutationsOf(
    'src/ui/view-model/capture-rows.ts',
    ['test/ui/panes/capture.tui.test.ts'],
    ['a slot that does not move is shown as running', 'return hung > 0 ?', 'return hung < 0 ?'],
  ),
  ...mutationsOf(
    'src/engine/capture/guard/guard-tables.ts',
    TABLES,
    [
      'a table that is taken out and put back has lost rows without a word',
      '[...out, ...unlogged, ...namesOf(newTables)]',
      '[...out, ...unlogged]',
    ],
    [
      'a table that is taken out is not noticed',
      '[...out, ...unlogged, ...namesOf(newTables)]',
      '[...unlogged, ...namesOf(newTables)]',
    ],
    [
      'a table of which the WAL has nothing any more is not noticed',
      '[...out, ...unlogged, ...namesOf(newTables)]',
      '[...out, ...namesOf(newTables)]',
    ],
    ['a table that was away and is back is not compared', '...(back.length === 0 ? []', '...(back.length >= 0 ? []'],
    ['a table that was dropped again is waited for', 'namesOf(adopted)], goneNow(seen))', 'namesOf(adopted)], [])'],
    [
      'a sentinel’s table that was dropped is missed by nobody',
      'away.filter(({schema}) => schema !== SENTINEL_SCHEMA)',
      'away',
    ],
    [
      'an unlogged table is taken for one that is gone',
      '...without(taken, appeared)], unlogged)',
      '...without(taken, appeared)], [])',
    ],
  ),
  ...mutationsOf('src/engine/capture/guard/guard-sentinels.ts', TABLES, [
    'one reading between two commits owes a comparison of every table',
    ' && before.get(slot) === count',
    '',
  ]),
  ...mutationsOf(
    'src/engine/capture/native/read-not-published.ts',
    NOT_CAPTURED,
    ['a table of which some rows are published counts as captured', '  if (isNarrowed) return false;\n', ''],
    ['a publication without updates counts as whole', "return publishes === 'all';", 'return true;'],
  ),
  ...mutationsOf(
    'src/engine/capture/dms/read-not-in-sets.ts',
    NOT_CAPTURED,
    ['deletes of a table that has lost its key are lost without a word', '(hasIdentity || !updates.has(set))', 'true'],
    ['a set that was altered counts as whole', 'whole.has(set) && ', ''],
  ),
  ...mutationsOf('src/engine/capture/pglogical/plan-removal.ts', CONTROL, [
    'a subscription whose worker does not end is dropped all the same',
    'if (hasFailed) return;',
    '',
  ]),
  ...mutationsOf(
    'src/domain/run/reduce/capture.ts',
    STATE,
    [
      'a table that was dropped after its adoption had failed refuses the cutover for good',
      'known.filter(({table}) => tables.some((one) => sameRelation(one, table)))',
      '[...known]',
    ],
    [
      'a comparison of a table that was dropped refuses the cutover for good',
      'capture.owed.filter((one) => !isGone(one))',
      'capture.owed',
    ],
  ),
  ...mutationsOf('src/domain/run/reduce/capture.ts', STATE, [
    'what came to be owed while a table was copied is forgotten',
    ' || one.since > since',
    '',
  ]),
  ...mutationsOf('src/domain/rules/refused-in-cdc.ts', STATE, [
    'a slot is resumed behind a gap, after a promotion',
    'if (sourceLost !== null) return refusal(sourceLost.failure.message, sourceLost.failure.remedy);\n  // One',
    '// One',
  ]),
  ...mutationsOf('src/domain/run/capture/capture-state.ts', STATE, [
    'the cutover is not refused by a comparison that is owed',
    'return [...lost, ...born, ...compared];',
    'return [...lost, ...born];',
  ]),
  ...mutationsOf('src/engine/capture/read-only-target.ts', STORY, [
    'anybody may write to the target while changes are applied',
    'if (!ctx.config.cdc.targetReadOnly) return [];',
    'return [];',
  ]),
  ...mutationsOf('src/engine/capture/adopt/carry-out.ts', STORY, [
    'what is written while a table is adopted is lost or doubled',
    '  await waitUntilHeld(ctx, hands, {...adopting, own});',
    '  await hands.holds.run(rollback());',
  ]),
];
