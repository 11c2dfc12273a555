import {describe, expect, test} from 'vitest';
import {estimateWork, HELD, pieceMinutes, type Work, type WorkPiece} from '../../../src/domain/ends/work.ts';

const GB = 1024 ** 3;
const piece = (gigabytes: number, minutes: number, share: number | null): WorkPiece => ({
  name: 'index public.a',
  table: 'public.a',
  bytes: gigabytes * GB,
  startedAt: '',
  elapsedMs: minutes * 60_000,
  share,
  phase: null,
});
const work = (what: Partial<Work>): Work => ({
  step: 'build-indexes',
  startedAt: '',
  elapsedMs: 600_000,
  done: 1,
  total: 4,
  bytesDone: 0,
  bytesTotal: 40 * GB,
  pieces: [],
  ...what,
});

describe('the end of the indexes or of the comparison', () => {
  test('is what is left at the pace so far, with what the pieces at work have done', () => {
    const seen = estimateWork(work({bytesDone: 5 * GB, pieces: [piece(10, 5, 0.5)]}));
    expect(seen.bytesLeft).toBe(30 * GB);
    expect(seen.minutes).toBeCloseTo(30, 5);
  });

  test('is never before the largest piece can be done at its own pace', () => {
    expect(estimateWork(work({bytesDone: 35 * GB, pieces: [piece(5, 9, 0.1)]})).minutes).toBeCloseTo(81, 5);
    expect(pieceMinutes(piece(5, 9, 0.1))).toBeCloseTo(81, 5);
  });

  test('is not known before something is done, nor where what is left has no bytes', () => {
    expect(estimateWork(work({pieces: [piece(10, 5, null)]}))).toMatchObject({bytesLeft: 40 * GB, minutes: null});
    expect(estimateWork(work({bytesDone: 40 * GB})).minutes).toBeNull();
    expect(estimateWork(work({bytesDone: 1, elapsedMs: 100})).minutes).toBeNull();
    expect(pieceMinutes(piece(5, 9, null))).toBeNull();
  });

  test('is not foretold by two hundred small tables where a large one is to come, but by the pace of its own indexes', () => {
    const small = {done: 209, total: 216, bytesDone: 0.2 * GB, bytesTotal: 40 * GB};
    expect(estimateWork(work(small)).minutes).toBeNull();
    const large = [piece(8, 5, 0.5), piece(8, 5, null)];
    // 4 GB in five minutes, and 36 GB to go.
    expect(estimateWork(work({...small, bytesDone: 0, pieces: large})).minutes).toBeCloseTo(45, 1);
    expect(estimateWork(work({...small, bytesDone: 0.2 * GB, pieces: large})).minutes).toBeCloseTo(44.75, 1);
    expect(estimateWork(work({...small, bytesDone: 12 * GB})).minutes).toBeCloseTo(23.3, 1);
  });

  test('is not foretold while an operator holds all that is at work', () => {
    const held = {...piece(10, 5, null), phase: HELD};
    expect(estimateWork(work({bytesDone: 20 * GB, pieces: [held, held]})).minutes).toBeNull();
    expect(estimateWork(work({bytesDone: 20 * GB, pieces: [held, piece(10, 5, null)]})).minutes).toBeCloseTo(10, 1);
  });

  test('is now, when all is done', () => {
    expect(estimateWork(work({bytesDone: 40 * GB, done: 4})).minutes).toBe(0);
  });
});
