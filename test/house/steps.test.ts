import {basename} from 'node:path';
import {describe, expect, test} from 'vitest';
import {finalRunbookIds, phaseOf} from '../../src/domain/run/final-steps.ts';
import {cutoverIds, runbookIds, STEP_IDS} from '../../src/domain/run/step-id.ts';
import {ENGINES} from '../../src/engine/capture/engines.ts';
import {cutoverSteps, runbookOf} from '../../src/engine/runbook.ts';
import {dmsTasks} from '../../src/engine/capture/dms/tasks/dms-tasks.ts';
import {cleanUp} from '../../src/engine/steps/clean-up.ts';
import {readSources} from './sources.ts';

/** The files of the rooms where steps live. */
const ROOMS = readSources()
  .filter(({path}) => /^src\/engine\/(steps|capture)\//.test(path))
  .map(({path}) => basename(path));

const RUNBOOKS = Object.values(ENGINES).map((engine) => [engine.name, runbookOf(engine)] as const);
const CUTOVER = cutoverSteps({cdc: {engine: 'native'}});
const OWN_TASKS = runbookOf(dmsTasks);
const STEPS = new Map(
  [...OWN_TASKS, ...RUNBOOKS.flatMap(([, steps]) => steps), ...CUTOVER, cleanUp].map((step) => [step.id, step]),
);

describe('the runbook', () => {
  test('with DMS is this list, with no change capture that one', () => {
    const idsOf = Object.fromEntries(RUNBOOKS.map(([name, steps]) => [name, steps.map(({id}) => id)]));
    const prepare = ['preflight', 'inventory', 'plan-slots', 'copy-globals', 'copy-schema'];
    const boundary = ['pause-replay', 'capture-boundary', 'prove-boundary'];
    const load = ['strip-target', 'full-load', 'build-indexes', 'compare-rows', 'compare-objects', 'resume-replay'];
    expect(idsOf).toEqual({
      dms: [...prepare, 'create-slots', 'create-node', 'create-replication-sets', 'add-tables', ...boundary, ...load],
      pglogical: [
        'preflight',
        'create-sentinels',
        ...prepare.slice(1),
        'create-node',
        'create-replication-sets',
        'prepare-cdc',
        'add-tables',
        ...boundary,
        ...load,
        'start-cdc',
        'wait-for-catch-up',
        'restore-unique',
        'compare-again',
      ],
      native: [
        'preflight',
        'create-sentinels',
        ...prepare.slice(1),
        'create-publications',
        'create-slots',
        ...boundary,
        ...load,
        'start-cdc',
        'wait-for-catch-up',
        'restore-unique',
        'compare-again',
      ],
      none: [...prepare, ...boundary, ...load],
    });
  });

  test.each(RUNBOOKS)('with %s is what reduce and the command line know of it', (name, steps) => {
    expect(steps.map(({id}) => id)).toEqual(runbookIds(name));
  });

  test('ends with change capture; the cutover is this list, and only with change capture that Longhaul starts', () => {
    expect(CUTOVER.map(({id}) => id)).toEqual(cutoverIds('native'));
    expect(cutoverSteps({cdc: {engine: 'none'}})).toEqual([]);
  });

  test("with DMS whose tasks are the run's has sentinels, endpoints and tasks besides", () => {
    const ids = OWN_TASKS.map(({id}) => id);
    expect(ids).toEqual(runbookIds('dms', {ownTasks: true}));
    const own = [
      'create-sentinels',
      'prepare-cdc',
      'start-cdc',
      'wait-for-catch-up',
      'restore-unique',
      'compare-again',
    ];
    expect(ids.filter((id) => !own.includes(id))).toEqual(runbookIds('dms'));
    // Behind the tables, and before the pause: its sentinel is in the load.
    expect(ids.indexOf('prepare-cdc')).toBe(ids.indexOf('pause-replay') - 1);
  });

  test.each([...STEPS])('%s is a file, says why and where it comes from', (id, step) => {
    // One for each engine that has it in its own way.
    expect(ROOMS.filter((name) => name === `${id}.ts`).length).toBeGreaterThanOrEqual(1);
    for (const text of [step.title, step.why, step.source]) expect(text.length).toBeGreaterThan(3);
    expect(step.phase).toBe(phaseOf(id));
  });

  test.each(RUNBOOKS)('with %s has its phases one behind the other', (name, steps) => {
    const phases = steps.map(({phase}) => phase).filter((phase, index, all) => phase !== all[index - 1]);
    const cdc = ENGINES[name].live === null ? [] : ['cdc'];
    expect(phases).toEqual(['prepare', 'anchor', 'load', ...cdc]);
  });

  test('what touches production or cannot be taken back waits for the word', () => {
    const typed = [...STEPS.values()].filter(({confirm}) => confirm === 'typed').map(({id}) => id);
    expect(typed.toSorted()).toEqual([
      'add-tables',
      'clean-up',
      'create-publications',
      'create-sentinels',
      'create-slots',
      'pause-replay',
      'prepare-cdc',
      'resume-replay',
      'start-cdc',
      'strip-target',
    ]);
  });

  test('a plain copy is told without slots, sets and change capture', () => {
    for (const {id, title, why} of runbookOf(ENGINES.none))
      expect([id, `${title} ${why}`.match(/slot|replication set|capture (begins|starts)|CDC|DMS|batch apply/)]).toEqual(
        [id, null],
      );
  });
});

describe('the ids of steps, which journals hold for ever', () => {
  const anchor = ['pause-replay', 'capture-boundary', 'prove-boundary'];
  test.each([
    ['dms', ['create-slots', 'create-node', 'create-replication-sets', 'add-tables', 'prepare-cdc', ...anchor]],
    ['pglogical', ['create-node', 'create-replication-sets', 'prepare-cdc', 'add-tables', ...anchor]],
    ['native', ['create-publications', 'create-slots', ...anchor]],
    ['none', anchor],
  ] as const)('with %s the anchor has them in its own order', (engine, expected) => {
    expect(finalRunbookIds(engine).filter((id) => phaseOf(id) === 'anchor')).toEqual(expected);
  });

  test('before the anchor and behind it they are these', () => {
    const ids = finalRunbookIds('dms').filter((id) => phaseOf(id) !== 'anchor');
    expect(ids.join(' ')).toBe(
      'preflight create-sentinels inventory plan-slots copy-globals copy-schema ' +
        'strip-target full-load build-indexes compare-rows compare-objects resume-replay ' +
        'start-cdc wait-for-catch-up restore-unique compare-again ' +
        'prepare-reverse stop-writes drain copy-the-rest copy-sequences restore-triggers-and-keys compare-final start-reverse hand-over validate-constraints ' +
        'back-stop-writes back-drain back-copy-the-rest back-copy-sequences back-start-forward back-hand-over ' +
        'clean-up',
    );
    const plain = finalRunbookIds('none').filter((id) => phaseOf(id) !== 'anchor');
    expect(plain.join(' ')).toBe(
      'preflight inventory plan-slots copy-globals copy-schema ' +
        'strip-target full-load build-indexes compare-rows compare-objects resume-replay',
    );
  });

  test('those that this version has are among them, each with a step', () => {
    const all: readonly string[] = (['dms', 'pglogical', 'native', 'none'] as const).flatMap(finalRunbookIds);
    expect(STEP_IDS.filter((id) => !all.includes(id))).toEqual([]);
    // The way back walks the cutover's steps, mirrored, under names of its own.
    expect(STEP_IDS.filter((id) => phaseOf(id) !== 'back').toSorted()).toEqual([...STEPS.keys()].toSorted());
  });
});
