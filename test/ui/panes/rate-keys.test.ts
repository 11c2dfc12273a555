import {describe, expect, test} from 'vitest';
import {nextRate} from '../../../src/ui/panes/lanes/rate-keys.ts';

const MB = 1024 ** 2;

describe('a step of the rate', () => {
  test.each([
    ['down from no limit begins below the pace', null, 130 * MB, 'slower', 100 * MB],
    ['down from no limit while nothing is known of the pace', null, null, 'slower', 10_000 * MB],
    ['down from a limit', 50 * MB, 130 * MB, 'slower', 20 * MB],
    ['down from the lowest stays there', MB, null, 'slower', MB],
    ['up', 50 * MB, null, 'faster', 100 * MB],
    ['up from what is no step', 64 * MB, null, 'faster', 100 * MB],
    ['up from the highest is no limit', 10_000 * MB, null, 'faster', null],
  ] as const)('%s', (_, limit, pace, which, expected) => {
    expect(nextRate(limit, pace, which)).toBe(expected);
  });
});
