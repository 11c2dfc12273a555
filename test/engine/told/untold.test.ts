import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {surroundings} from '../../../src/config/conninfo/surroundings.ts';
import {parseConfig} from '../../../src/config/load.ts';
import {fileSchema} from '../../../src/config/schema.ts';
import {sectionKeys} from '../../../src/config/section-keys.ts';
import type {Config} from '../../../src/config/config.ts';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {InventoryScope} from '../../../src/domain/pg/inventory.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {changedScope, scopeOf, type Held} from '../../../src/engine/inventory/inventory-file.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {readTold, toldBy, writeTold} from '../../../src/engine/told/told-file.ts';
import {changedKeys, judgePlan, readUntold, withUntold} from '../../../src/engine/told/untold.ts';
import {eventsOf} from '../../support/states.ts';
import {inventoryOf, relation, table} from '../plan/inventory.ts';

const SERVERS = ['source', 'replica', 'target'].map((role) => `${role}: host=h port=1 dbname=app user=ana\n`).join('');
const configOf = (text: string): Config =>
  parseConfig(
    `run: acme\n${SERVERS}${text}`,
    '/etc/acme.yaml',
    surroundings({HOME: '/home/ana', PGPASSWORD: 'secret-4711'}),
  );
const changed = (before: string, now: string): string[] => changedKeys(toldBy(configOf(before), 1), configOf(now));

/** The keys of longhaul.yaml, `load.lanes`, as `init` writes them. */
function keysOf(schema: unknown, above: readonly string[] = []): string[] {
  const keys = sectionKeys(schema);
  if (keys === null) return [above.join('.')];
  return [...keys].flatMap(([key, inner]) => keysOf(inner, [...above, key]));
}

describe('what a supervisor was told', () => {
  const path = mkdtempSync(join(tmpdir(), 'lh-told-'));
  const folder = runFolderAt(path);
  afterAll(() => rmSync(path, {recursive: true}));

  test('is kept by the keys of longhaul.yaml, every one, and without a secret', async () => {
    const told = toldBy(configOf(''), 4242);
    const left = ['run_directory', 'trace', 'console.mouse', 'console.theme'];
    expect(Object.keys(told.values).toSorted()).toEqual(
      // A section that is left out is one value, and not one of its keys.
      [...keysOf(fileSchema).filter((key) => !key.startsWith('cdc.dms.')), 'cdc.dms']
        .filter((key) => !left.includes(key))
        .toSorted(),
    );
    await writeTold(folder, told);
    expect(await readTold(folder, 4242)).toEqual(told);
    expect(JSON.stringify(told)).not.toContain('4711');
  });

  test('is not believed of another process, nor where a full disk has cut it off', async () => {
    await writeTold(folder, toldBy(configOf(''), 4242));
    expect(await readTold(folder, 4243)).toBeNull();
    writeFileSync(folder.told, '{"pid": 42');
    expect(await readTold(folder, 42)).toBeNull();
  });
});

describe('a longhaul.yaml that was changed under a supervisor', () => {
  test.each([
    ['', '', []],
    ['load: {lanes: 6}\n', '', []],
    ['', 'load: {lanes: 7}\n', ['load.lanes']],
    ['alarms: {runway: 1h}\n', 'alarms: {runway: 3h, command: [page]}\n', ['alarms.command', 'alarms.runway']],
    ['timeouts: {connect: 10s}\n', 'timeouts: {connect: 20s}\n', ['timeouts.connect']],
    ['', 'slots: {prefix: x_, assign: {x_01: [public.a]}}\n', ['slots.assign', 'slots.prefix']],
    ['', 'tables: {exclude: [public.a]}\nconfirm: never\n', ['confirm', 'tables.exclude']],
    ['', 'disks: {source: {volume: 6TB}}\n', ['disks.source.volume']],
  ])('%j, then %j: %j', (before, now, keys) => expect(changed(before, now)).toEqual(keys));

  test('names the command with which it counts: another one while it walks, and another for what the plan was made from', async () => {
    const told = toldBy(configOf(''), 1);
    const read = async (text: string, status: RunState['status']) =>
      readUntold({config: configOf(text), told, folder: runFolderAt('/nowhere'), state: {...reduceAll([]), status}});
    expect(await read('', 'running')).toEqual([]);
    expect(await read('load: {lanes: 7}\n', 'running')).toEqual([
      {
        seen: 'longhaul.yaml was changed and the supervisor goes by what it was: load.lanes',
        remedy: 'put it back, or have it count: longhaul shutdown, then longhaul run: the lanes go on',
      },
    ]);
    expect(await read('load: {lanes: 7}\n', 'stopped')).toMatchObject([
      {remedy: 'put it back, or have it count: longhaul run'},
    ]);
    expect(await read('slots: {count: 2}\nload: {lanes: 7}\n', 'running')).toMatchObject([
      {remedy: expect.stringContaining('longhaul shutdown')},
      {seen: expect.stringMatching(/: slots\.count$/), remedy: expect.stringContaining('longhaul plan --fresh')},
    ]);
    // What the units are cut by counts in another plan only: a supervisor that is started anew goes by the same one.
    for (const text of ['load: {big_tables: 3}\n', 'load: {unit_size: 2GB, method: copy}\n', 'load: {method: copy}\n'])
      expect(await read(text, 'running')).toEqual([
        {
          seen: expect.stringMatching(
            /goes by what it was: load\.(?:big_tables, load\.method|method|method, load\.unit_size)$/,
          ),
          remedy: expect.stringContaining('longhaul plan --fresh'),
        },
      ]);
    const broken = new LonghaulError({code: 'config', message: 'line 3: no key', remedy: 'mend it'});
    expect(await readUntold({config: broken, told, folder: runFolderAt('/nowhere'), state: reduceAll([])})).toEqual([
      {seen: 'longhaul.yaml was changed and cannot be read any more: line 3: no key', remedy: 'mend it'},
    ]);
  });

  test('is said before what a dialog shows, and a plan that cannot be told stays that', () => {
    const action = {on: 'source', text: 'SELECT 1'} as const;
    const one = {seen: 'it was changed', remedy: 'put it back'};
    expect(withUntold({ok: true, actions: [action]}, [one])).toEqual({
      ok: true,
      actions: [{on: 'jump box', text: 'note: it was changed; put it back'}, action],
    });
    expect(withUntold({ok: false, why: 'no'}, [one])).toEqual({ok: false, why: 'no'});
  });
});

describe('a plan.yaml that was changed', () => {
  const state = reduceAll(
    eventsOf('loading').map((event, index) => ({seq: index + 1, at: '2026-11-24T00:00:00Z', ...event})),
  );
  const planned = {
    slots: {slots: (state.lastProof?.slots ?? []).map((name) => ({name, why: '', tables: []}))},
    units: state.units,
  };

  test('as the run has begun it is told nothing of', () => {
    expect(judgePlan(planned, state)).toEqual([]);
  });

  test('in its units is told, and what is loading is to be put back', () => {
    const [first, ...others] = planned.units;
    if (first === undefined) throw new Error('no units');
    const tables = [{schema: 'public', name: 'another'}];
    expect(judgePlan({...planned, units: [{...first, tables}, ...others]}, state)).toMatchObject([
      {
        seen: `plan.yaml has other units than the load goes by: ${first.id}`,
        remedy: expect.stringContaining('longhaul run --from pause-replay'),
      },
    ]);
    const added = {...first, id: '99-new', tables};
    expect(judgePlan({...planned, units: [...planned.units, added]}, state)).toMatchObject([
      {
        seen: expect.stringMatching(/: 99-new$/),
        remedy: expect.stringContaining('longhaul shutdown, then longhaul run'),
      },
    ]);
  });

  test('in its slots is told once they are made', () => {
    const slots = {slots: [{name: 'other_01', why: '', tables: []}]};
    const made = {...state, lastProof: {at: '', slots: ['dms_slot_01']}};
    expect(judgePlan({...planned, slots}, made)).toMatchObject([
      {
        seen: 'plan.yaml has other slots than the run has made: dms_slot_01, other_01',
        remedy: expect.stringContaining('release --yes'),
      },
    ]);
    expect(judgePlan({...planned, slots}, {...state, lastProof: null, claimed: []})).toEqual([]);
  });

  test('is not told where the engine has named the slots by itself', () => {
    const slot = {restartLsn: null, confirmedFlushLsn: parseLsn('0/1')};
    const prepared: RunState = {
      ...state,
      lastProof: {at: '', slots: planned.slots.slots.map(({name}) => `pgl_app_${name}`)},
      evidence: {
        ...state.evidence,
        'prepare-cdc': {
          slots: planned.slots.slots.map(({name}) => ({...slot, name: `pgl_app_${name}`, planned: name})),
        },
      },
    };
    expect(judgePlan(planned, prepared)).toEqual([]);
  });
});

const holding = (scope: InventoryScope): Held => ({
  scope,
  tables: inventoryOf([table('public.a', 1), table('public.held', 1)]).tables.filter(
    ({relation: held}) => !scope.tables.exclude.some(({name}) => name === held.name),
  ),
  sequences: [{relation: relation('public.held_id_seq'), ownedBy: null}],
});

describe('an inventory and its plan', () => {
  test('are good for the tables, the engine and the slots that they were made for', () => {
    const made = holding(scopeOf(configOf('')));
    expect(changedScope(made, configOf('load: {lanes: 9}\n'))).toEqual([]);
    expect(changedScope(made, configOf('slots: {prefix: x_, count: 3}\n'))).toEqual(['slots.prefix', 'slots.count']);
    expect(changedScope(made, configOf('slots: {assign: {dms_slot_01: [public.a]}}\n'))).toEqual(['slots.assign']);
    expect(changedScope(made, configOf('tables: {exclude: [public.a]}\n'))).toEqual(['tables']);
    expect(changedScope(made, configOf('cdc: {engine: none}\n'))).toContain('cdc.engine');
  });

  test('are good where one table more is left out that has come since, and no other is left out or wanted', () => {
    const made = holding(scopeOf(configOf('tables: {exclude: [public.a]}\n')));
    expect(changedScope(made, configOf('tables: {exclude: [public.a, public.born]}\n'))).toEqual([]);
    expect(changedScope(made, configOf('tables: {exclude: [public.born]}\n'))).toEqual(['tables']);
    expect(changedScope(made, configOf('tables: {exclude: [public.a, public.held]}\n'))).toEqual(['tables']);
    expect(changedScope(made, configOf('tables: {exclude: [public.a, public.held_id_seq]}\n'))).toEqual(['tables']);
    expect(changedScope(made, configOf('tables: {exclude: [public.a], exclude_schemas: [b]}\n'))).toEqual(['tables']);
  });

  test('that an older version made, which has not noted the slots, is good for any', () => {
    const {slots: _, ...old} = scopeOf(configOf(''));
    expect(changedScope(holding(old), configOf('slots: {count: 3}\n'))).toEqual([]);
  });

  test('of a plain copy have no slots to differ in', () => {
    const made = holding(scopeOf(configOf('cdc: {engine: none}\n')));
    expect(changedScope(made, configOf('cdc: {engine: none}\nslots: {count: 3}\n'))).toEqual([]);
  });
});
