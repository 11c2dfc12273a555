import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {startProgress} from '../../../src/cli/run/progress-line.ts';

beforeEach(() => vi.useFakeTimers({toFake: ['setInterval', 'clearInterval']}));
afterEach(() => vi.useRealTimers());

/** What is written to a stream while somebody takes so many seconds for two pieces of work. */
function written(isTTY: boolean, seconds: number): string[] {
  const texts: string[] = [];
  let nowMs = 0;
  const progress = startProgress({isTTY, columns: 40, write: (text) => texts.push(text)}, () => nowMs);
  for (const what of ['sizes of all tables', 'largest values: public.a, 0 of 9 tables']) {
    progress.say(what);
    for (let n = 0; n < seconds; n += 1) {
      nowMs += 1000;
      vi.advanceTimersByTime(1000);
    }
  }
  progress.end();
  vi.advanceTimersByTime(60_000);
  return texts;
}

test('on a terminal it is one line that goes on and is taken away', () => {
  const texts = written(true, 2);
  expect(texts[1]).toBe('\r\u001B[Ksizes of all tables, 0:01 …');
  expect(texts.at(-2)).toBe('\r\u001B[Klargest values: public.a, 0 of 9 tables');
  expect(texts.at(-1)).toBe('\r\u001B[K');
});

test('elsewhere it is a line every five seconds, and what is quick writes nothing', () => {
  expect(written(false, 2)).toEqual([]);
  expect(written(false, 6)).toEqual([
    'sizes of all tables, 0:05 …\n',
    'largest values: public.a, 0 of 9 tables, 0:10 …\n',
  ]);
});
