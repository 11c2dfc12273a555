import {expect, test} from 'vitest';
import {readSources} from './sources.ts';

/** Where the jump box's clock is read for something else than a time that is written down or shown, and why. */
const KNOWN: Readonly<Record<string, string>> = {
  'src/engine/waiting/clocks.ts': 'makes of it the time that never goes back',
  'src/engine/run/journal.ts': 'stamps events with that',
  'src/engine/load/retries.ts': 'what was left of a wait when the supervisor was started',
  'src/engine/load/lane/signal-lane.ts': 'how long ago an earlier supervisor has started a lane',
  'src/probes/judge/judging.ts': 'ages of what the journal tells',
  'src/engine/wire/client.ts': 'when the supervisor was heard last, to be shown',
  'src/cli/commands/inspect/status.ts': 'ages, to be shown',
  'src/ui/feed.ts': 'the time that the console shows, which never goes back',
};

// In src/pg it is the server's.
const sources = readSources().filter(({path}) => !path.startsWith('src/pg/'));

test('no wait, limit or age goes by a clock that somebody may set', () => {
  const places = sources.flatMap(({path, text}) =>
    text
      .split('\n')
      .filter(
        (line) => /(?<!performance\.)\bnow\(\)/.test(line) && !/isoTime\((?:\w+\.)*now\(\)|nowMs: |tarOf\(/.test(line),
      )
      .map(() => path),
  );
  expect([...new Set(places)].toSorted()).toEqual(Object.keys(KNOWN).toSorted());
});

test('what the run has kept is put in order by the time of its journal, which never goes back, and not by that of the machine', () => {
  const takers = readSources().filter(({text}) => text.includes('options.now()'));
  expect(takers.map(({path}) => path)).toEqual(['src/engine/wire/client.ts']);
});

test('nobody but a command takes the clock of the machine, and hands it on as the time for what is written down', () => {
  const takers = readSources().filter(({text}) => text.includes('Date.now'));
  expect(takers.map(({path}) => path).filter((path) => !path.startsWith('src/cli/'))).toEqual([]);
  const steady = readSources().filter(({text}) => text.includes('steady: Date.now'));
  expect(steady).toEqual([]);
});
