import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {keptOf, type Released} from '../../../src/engine/exit/release.ts';
import {releaseWords} from '../../../src/engine/exit/release-words.ts';

const ASKED = [{name: 'a'}, {name: 'b'}];
const READER = 'replication slot "a" is active for PID 7';

describe('a slot is dropped', () => {
  test.each<[string, Record<string, string>, Parameters<typeof keptOf>[2], Record<string, string>]>([
    ['once the primary shows that it is gone', {}, {names: ['theirs']}, {}],
    ['not while somebody reads it', {a: READER}, {names: ['a', 'theirs']}, {a: READER}],
    ['not where it is there again', {}, {names: ['b']}, {b: 'it was dropped, and is there again'}],
    [
      'not where the primary cannot be asked, whatever it had said',
      {a: READER},
      {unread: 'the connection was lost'},
      {a: READER, b: 'the primary did not show that it is dropped: the connection was lost'},
    ],
  ])('%s', (_, refused, after, kept) => {
    expect(keptOf(refused, ASKED, after)).toEqual(kept);
  });
});

describe('what a release came to', () => {
  const released: Released = {
    dropped: ['a', 'b'],
    gone: [],
    kept: {},
    lanesEnded: 0,
    resumed: false,
    checkpoint: 'written',
    freedBytes: 3 * 1024 ** 2,
    stillHeld: null,
    wrong: [],
    untold: null,
  };
  const said = (change: Partial<Released>, endReaders = false) =>
    releaseWords({...released, ...change}, {run: 'acme', endReaders});

  test('is told as it is: dropped, freed, what others hold, lanes, replay', () => {
    expect(said({}).message).toBe(
      'dropped a, b; a checkpoint was written, which freed their WAL, about 3.0 MB, but for what the primary keeps up to max_wal_size',
    );
    const stillHeld = {name: 'theirs', restartLsn: parseLsn('0/1'), retainedBytes: 5 * 1024 ** 2};
    const all = said({stillHeld, lanesEnded: 2, resumed: true, gone: ['c'], checkpoint: 'late'});
    expect(all).toEqual({
      ok: true,
      message:
        'dropped a, b; c had been dropped before; a checkpoint is being written, which frees their WAL, about 3.0 MB; 5.0 MB stay, held by slot theirs;' +
        ' 2 lanes were ended; resumed replay on the replica',
    });
  });

  test('is nothing freed where no checkpoint could be written', () => {
    const reply = said({checkpoint: {refused: 'permission denied'}});
    expect(reply).toMatchObject({ok: false, message: expect.stringContaining('NOT FREED YET')});
    expect(reply.message).not.toContain('which freed');
  });

  test('names a slot that is kept, and the next thing to try', () => {
    expect(said({dropped: ['b'], kept: {a: READER}})).toMatchObject({
      ok: false,
      message: expect.stringContaining(`KEPT a: ${READER}`),
      remedy: expect.stringContaining('longhaul release --yes acme --end-readers'),
    });
    expect(said({dropped: [], kept: {a: READER}, checkpoint: null}, true)).toMatchObject({
      message: expect.stringMatching(/^no slot was dropped\. KEPT a/),
      remedy: expect.stringContaining('end what reads it as a superuser'),
    });
  });

  test('is whole where only the journal does not know: the space is back', () => {
    const reply = said({untold: 'ENOSPC'});
    expect(reply).toMatchObject({ok: true, message: expect.stringContaining('Before the next run: longhaul abort')});
  });
});
