import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import {NEW_RUN, type RunState} from '../../../../src/domain/run/run-state.ts';
import {guardConflicts, toTell} from '../../../../src/engine/capture/guard/guard-conflicts.ts';
import {runFolderAt} from '../../../../src/engine/run/run-folder.ts';
import type {StepContext} from '../../../../src/engine/step.ts';

test('changes that the target has skipped are told of as often as there are more, and where it has begun to count anew', () => {
  const now = new Map([['lh_01', 2]]);
  expect(toTell(now, new Map())).toEqual([['lh_01', 2]]);
  expect(toTell(now, new Map([['lh_01', 1]]))).toEqual([['lh_01', 2]]);
  expect(toTell(now, new Map([['lh_01', 3]]))).toEqual([['lh_01', 2]]);
  expect(toTell(now, now)).toEqual([]);
  expect(toTell(new Map([['lh_01', 0]]), new Map())).toEqual([]);
});

describe('supervisors one after the other', () => {
  let path: string;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'longhaul-conflicts-'));
  });
  afterEach(() => rmSync(path, {recursive: true}));

  /** One that keeps what it was told before at this P; the plan, which says whose tables are owed, is not there. */
  const guardAt = (boundary = '0/10') => {
    const at = {lsn: parseLsn(boundary), postmasterStart: '', timeline: 1, systemIdentifier: '7', capturedAt: ''};
    const state = (): RunState => ({...NEW_RUN, boundary: at});
    const guard = guardConflicts({folder: runFolderAt(path), config: {}, state} as unknown as StepContext);
    return async (skipped: number) => guard([{slot: 'lh_01', conflicts: {all: skipped, skipped}}], async () => []);
  };
  const kept = (): unknown => JSON.parse(readFileSync(join(path, 'skipped.json'), 'utf8'));
  const before = (boundary: string, count: number): void =>
    writeFileSync(join(path, 'skipped.json'), JSON.stringify({boundary, skipped: [['lh_01', count]]}));
  // To tell it the plan is read, which nobody has made here.
  const TOLD = 'there is no plan yet';

  test('tell of the same count once', async () => {
    before('0/10', 2);
    const guard = guardAt();
    await guard(2);
    await expect(guard(3)).rejects.toThrow(TOLD);
    expect(kept()).toEqual({boundary: '0/10', skipped: [['lh_01', 2]]});
  });

  test('tell of it again where nothing is known of it: without a file, with one that was cut off, and of slots of another P', async () => {
    await expect(guardAt()(2)).rejects.toThrow(TOLD);
    writeFileSync(join(path, 'skipped.json'), '{"boundary": "0/10", "ski');
    await expect(guardAt()(2)).rejects.toThrow(TOLD);
    before('0/10', 2);
    await expect(guardAt('0/20')(2)).rejects.toThrow(TOLD);
  });

  test('tell of a count that one of them has seen begin anew', async () => {
    before('0/10', 2);
    const guard = guardAt();
    await guard(0);
    await expect(guard(2)).rejects.toThrow(TOLD);
  });
});
