import {describe, expect, test} from 'vitest';
import type {DiskCauses} from '../../../src/domain/filling/disk-causes.ts';
import {adviseRelease, howSlotsMove, orRelease, type FullDisk} from '../../../src/domain/rules/release-advice.ts';
import {stateNamed} from '../../support/states.ts';

const MB = 1024 * 1024;
const held = (bytes: number, perSecond = 0, others = 0): DiskCauses => ({
  ours: {kind: 'slots', bytes, perSecond},
  foreign: null,
  othersPerSecond: others,
});
const disk: FullDisk = {answers: true, causes: held(500 * MB), freeBytes: 192 * MB, lackingBytes: 0};
const loading = stateNamed('loading');
const adviceFor = (change: Partial<FullDisk>, state = loading) => adviseRelease(state, {...disk, ...change});

describe('a release against a full disk of the source', () => {
  test('is advised where it frees more than half of what is free, and says whether it ends change capture', () => {
    expect(adviceFor({})).toEqual({is: 'advised', freed: 500 * MB, endsCapture: false});
    expect(adviceFor({}, stateNamed('change capture begun'))).toMatchObject({is: 'advised', endsCapture: true});
    expect(adviceFor({causes: held(97 * MB)})).toMatchObject({is: 'advised'});
    expect(adviceFor({causes: held(95 * MB)})).toMatchObject({is: 'too little', freed: 95 * MB});
  });

  test('is not for 2.9 MB of 192, however fast our slots grow: whose the growth is is said', () => {
    expect(adviceFor({causes: held(2.9 * MB, 3e6)})).toMatchObject({is: 'too little', growsByOurs: true});
    expect(adviceFor({causes: held(2.9 * MB, 3e6, 4e6)})).toMatchObject({is: 'too little', growsByOurs: false});
    expect(adviceFor({causes: held(2.9 * MB)})).toMatchObject({is: 'too little', growsByOurs: false});
  });

  test('is not for a few segments of WAL, nor where the disk lacks far more than it frees', () => {
    expect(adviceFor({freeBytes: MB, causes: held(60 * MB)})).toMatchObject({is: 'too little'});
    const full = {freeBytes: 0, lackingBytes: 5000 * MB};
    expect(adviceFor({...full, causes: held(2000 * MB)})).toMatchObject({is: 'too little'});
    expect(adviceFor({...full, causes: held(3000 * MB)})).toMatchObject({is: 'advised'});
  });

  test('frees nothing that a slot of somebody else keeps as well', () => {
    const foreign = {slot: 'warehouse', bytes: 600 * MB};
    const causes = {...held(500 * MB, 3e6), foreign};
    expect(adviceFor({causes})).toEqual({is: 'too little', freed: 0, growsByOurs: false});
  });

  test('is out of reach while the source does not answer, unknown before the slots were read, and nothing without slots', () => {
    expect(adviceFor({answers: false})).toEqual({is: 'out of reach'});
    expect(adviceFor({causes: null})).toEqual({is: 'not known'});
    expect(adviceFor({}, stateNamed('released'))).toEqual({is: 'without slots'});
  });

  test('as the last way out beside another is said with what it costs, and only while the source answers', () => {
    const capturing = stateNamed('change capture begun');
    const held500 = {answers: true, freed: 500 * MB};
    expect(orRelease(loading, held500)).toBe('; or give it up: longhaul release frees the 500 MB that our slots hold');
    expect(orRelease(capturing, held500)).toMatch(/load everything again: longhaul release frees the 500 MB/);
    expect(orRelease(loading, {...held500, answers: false})).toBe('');
    // What it frees is nothing that a disk feels; vacuum feels a slot that holds no WAL as well.
    expect(orRelease(loading, {...held500, freed: 3 * MB})).toBe('');
    expect(orRelease(loading, {...held500, freed: null})).toBe('; or give it up: longhaul release');
    expect(howSlotsMove(loading)).toContain('let the load end');
    expect(howSlotsMove(capturing)).toContain('see why change capture does not take');
  });
});
