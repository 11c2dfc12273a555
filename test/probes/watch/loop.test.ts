import {describe, expect, test} from 'vitest';
import type {ReadingBody} from '../../../src/domain/reading/reading.ts';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {backOffMs, pauseMs} from '../../../src/probes/watch/back-off.ts';
import {runProbes} from '../../../src/probes/watch/loop.ts';

const reading: ReadingBody = {probe: 'senders', senders: []};
async function watch(
  reads: Readonly<Record<string, () => Promise<ReadingBody>>>,
  until: (told: ReadingBody[]) => boolean,
): Promise<ReadingBody[]> {
  const told: ReadingBody[] = [];
  const stop = new AbortController();
  const probes = Object.entries(reads).map(([name, read]) => ({name, everyMs: 5, read}));
  const tell = (body: ReadingBody): void => {
    told.push(body);
    if (until(told)) stop.abort();
  };
  await runProbes(probes, {steady: () => performance.now(), tell, signal: stop.signal, limitMs: 50});
  return told;
}

const gone = async (): Promise<ReadingBody> => {
  throw new LonghaulError({code: 'unreachable', message: 'gone', remedy: ''});
};
const refused = async (): Promise<ReadingBody> => {
  throw new LonghaulError({code: 'failed', message: 'permission denied', remedy: ''});
};

describe('the loop of a server’s probes', () => {
  test('rests longer after every failure, at most a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map((failures) => backOffMs(2000, failures, false))).toEqual([
      2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000,
    ]);
    expect(backOffMs(300_000, 9, false)).toBe(300_000);
    expect([1, 2, 3, 4, 50].map((failures) => backOffMs(2000, failures, true))).toEqual([
      2000, 4000, 8000, 10000, 10000,
    ]);
    expect(backOffMs(30_000, 9, true)).toBe(30_000);
  });

  test('asks what is costly so seldom that it keeps to its share', () => {
    expect(pauseMs({everyMs: 2000}, 1500)).toBe(2000);
    expect(pauseMs({everyMs: 6000, atMostShare: 0.001}, 2)).toBe(6000);
    expect(pauseMs({everyMs: 6000, atMostShare: 0.001}, 50)).toBe(50_000);
    expect(pauseMs({everyMs: 6000, atMostShare: 0.001}, 5000)).toBe(300_000);
  });

  test('goes on when one look hangs for ever', async () => {
    const told = await watch({senders: async () => new Promise(() => undefined)}, (all) => all.length === 2);
    expect(told).toEqual(
      [1, 2].map(() => ({probe: 'failed', of: 'senders', message: 'senders: no answer within 0 s'})),
    );
  });

  test('rests every probe of a server that is gone, and only the one that the server refuses', async () => {
    const all = await watch({slots: gone, senders: async () => reading}, (told) => told.length === 2);
    expect(all).toEqual(['slots', 'senders'].map((of) => ({probe: 'failed', of, message: 'gone'})));
    const one = await watch({slots: refused, senders: async () => reading}, (told) => told.length >= 4);
    expect(one.filter(({probe}) => probe === 'senders').length).toBeGreaterThanOrEqual(2);
  });

  test('asks one that hurries four times a second, at most half of the time, and the others as before', async () => {
    const read: Record<string, number[]> = {hurried: [], calm: []};
    const began = performance.now();
    const stop = new AbortController();
    let isHurried = false;
    const probe = (name: 'hurried' | 'calm', hurries?: () => boolean) => ({
      name,
      everyMs: 60_000,
      ...(hurries === undefined ? {} : {hurries}),
      read: async () => {
        read[name]?.push(performance.now() - began);
        if (read['hurried']?.length === 1) isHurried = true;
        if (read['hurried']?.length === 4) stop.abort();
        return reading;
      },
    });
    const probes = [probe('hurried', () => isHurried), probe('calm')];
    await runProbes(probes, {
      steady: () => performance.now(),
      tell: () => undefined,
      signal: stop.signal,
      limitMs: 50_000,
    });
    const [first = 0, , , fourth = 0] = read['hurried'] ?? [];
    expect(fourth - first).toBeGreaterThanOrEqual(3 * 245);
    expect(read['calm']).toHaveLength(1);
  });
});
