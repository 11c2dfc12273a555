import {describe, expect, test} from 'vitest';
import {needsOf} from '../../src/domain/rules/needs.ts';
import {refusalIn, TYPED} from '../support/commands-page.ts';
import {NAMED_STATES, stateNamed} from '../support/states.ts';

/** The commands of a remedy: `longhaul confirm pause-replay acme` → `confirm pause-replay acme`. */
function commandsIn(remedy: string): string[] {
  return [...remedy.matchAll(/longhaul ((?:run|abort|release|resume|retry|confirm|continue)\b[^:;,()]*)/g)].map(
    ([, words = '']) => words.trim(),
  );
}

const REFUSED = NAMED_STATES.flatMap((state) =>
  TYPED.flatMap(([words, command]) => {
    const refusal = refusalIn(state, command);
    return refusal === null ? [] : commandsIn(refusal.remedy).map((remedy) => ({state, words, remedy}));
  }),
);

/** The command of the console that does what the words of the shell do; null for `longhaul run`, which no state refuses. */
function asTyped(words: string): (typeof TYPED)[number][1] | null {
  const name = words.split(' ')[0] ?? '';
  const found = TYPED.find(([typed, command]) =>
    name === 'resume' ? command.type === 'resume-unit' : typed.split(' ')[0] === name,
  );
  return found?.[1] ?? null;
}

describe('what a refusal says to do instead', () => {
  test('is found where there is a command in it', () => {
    expect(REFUSED.length).toBeGreaterThan(10);
    expect(new Set(REFUSED.map(({remedy}) => remedy.split(' ')[0]))).toEqual(
      new Set(['run', 'abort', 'confirm', 'continue', 'resume']),
    );
  });

  test.each(REFUSED)('$state, $words: longhaul $remedy is a command that is not refused in the same state', (one) => {
    const command = asTyped(one.remedy);
    if (command === null) expect(one.remedy).toMatch(/^run/);
    else expect(refusalIn(one.state, command)).toBeNull();
  });
});

test('replay may be resumed where the alarm of a full disk on the replica says so: nothing needs it at P', () => {
  const free = NAMED_STATES.filter(
    (name) => stateNamed(name).replayPaused && needsOf(stateNamed(name)).replica === null,
  );
  expect(free).not.toEqual([]);
  for (const state of free) expect(refusalIn(state, {type: 'resume-replay'})).toBeNull();
});
