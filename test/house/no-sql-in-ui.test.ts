import {expect, test} from 'vitest';
import {readSources} from './sources.ts';

/** SQL, or a call of a server's function: what is done is written down in one place, the action that does it. */
const DONE =
  /\b(SELECT\b|INSERT INTO|DELETE FROM|TRUNCATE|CHECKPOINT|(ALTER|CREATE|DROP|LOCK|GRANT|REVOKE) [A-Z]+|pglogical\.\w+|(pg|lo)_\w+ ?\()/;

test('the console writes no SQL of its own: it shows what the supervisor says that it would do', () => {
  const files = readSources().filter(({path}) => path.startsWith('src/ui/'));
  expect(files.length).toBeGreaterThan(50);
  const lines = files.flatMap(({path, text}) =>
    text
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line) && DONE.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(lines).toEqual([]);
  expect(DONE.test("runs: ['SELECT pg_wal_replay_pause()']")).toBe(true);
});
