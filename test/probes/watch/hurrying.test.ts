import {expect, test} from 'vitest';
import {createHurrying} from '../../../src/probes/watch/hurrying.ts';

test('change capture is read often during a cutover and for a quarter of a minute behind it: a slot that was stopped for it is not shown as stopped afterwards', () => {
  const now = {ms: 1_000_000, underWay: false};
  const hurries = createHurrying(
    () => now.underWay,
    () => now.ms,
  );
  expect(hurries()).toBe(false);
  now.underWay = true;
  expect(hurries()).toBe(true);
  now.underWay = false;
  now.ms += 15_000;
  expect(hurries()).toBe(true);
  now.ms += 1;
  expect(hurries()).toBe(false);
});
