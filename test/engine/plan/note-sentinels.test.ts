import {expect, test} from 'vitest';
import {noteSentinels} from '../../../src/engine/plan/note-units.ts';
import {runbookIds} from '../../../src/domain/run/step-id.ts';
import {inventoryOf, table} from './inventory.ts';

const steps = (engine: 'native' | 'none') => runbookIds(engine).map((id) => ({id}));

test('a plan that was made before the sentinels says what makes them, for it would be refused at the anchor', () => {
  const before = inventoryOf([table('public.users', 1)]);
  expect(noteSentinels(before, steps('native'))).toContain('longhaul run --until create-sentinels');
  expect(noteSentinels(before, steps('none'))).toBeNull();
  const after = inventoryOf([table('longhaul_cdc.lh_01', 0)]);
  expect(noteSentinels(after, steps('native'))).toBeNull();
});
