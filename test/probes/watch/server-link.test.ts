import {expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {createServerLink} from '../../../src/probes/watch/server-link.ts';

/** A link to a server on which each connection comes to what `open` says, and the clock that it goes by. */
function linkTo(open: (clock: {nowMs: number}) => Promise<Session>, connectedMs: () => number | null = () => null) {
  const clock = {nowMs: 0};
  let opened = 0;
  const own = async (): Promise<Session> => {
    opened += 1;
    return open(clock);
  };
  const link = createServerLink({open: own, steady: () => clock.nowMs, connectedMs}, 'source');
  const tryFor = async (minutes: number): Promise<number> => {
    const before = opened;
    for (let turn = 0; turn < minutes; turn += 1) {
      clock.nowMs += 60_000;
      await link.session().catch(() => null);
    }
    return opened - before;
  };
  return {link, tryFor};
}

/** Answers nothing more: what a primary with a disk that hangs gives. */
const lost = {lost: true} as Session;

test('a server that answers on no connection gets five, and then one every ten minutes', async () => {
  const {link, tryFor} = linkTo(async () => lost);
  expect(await tryFor(5)).toBe(5);
  expect(await tryFor(60)).toBe(6);
  await expect(link.session()).rejects.toThrow('answered on none');
  link.answered();
  expect(await tryFor(3)).toBe(3);
});

test('connecting that hangs counts, being refused at once does not', async () => {
  const gone = new LonghaulError({code: 'unreachable', message: 'gone', remedy: ''});
  const hanging = linkTo(async (clock) => {
    clock.nowMs += 10_000;
    throw gone;
  });
  expect(await hanging.tryFor(15)).toBeLessThan(8);
  const refusing = linkTo(async () => {
    throw gone;
  });
  expect(await refusing.tryFor(60)).toBe(60);
});

test('one that is left alone is asked at once when the run itself has reached the server since', async () => {
  let reachedMs: number | null = null;
  const {tryFor} = linkTo(
    async () => lost,
    () => reachedMs,
  );
  expect(await tryFor(8)).toBe(5);
  // What was reached before the last try says nothing.
  reachedMs = 60_000;
  expect(await tryFor(1)).toBe(0);
  reachedMs = 8.5 * 60_000;
  expect(await tryFor(1)).toBe(1);
});
