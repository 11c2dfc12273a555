import {expect, test} from 'vitest';
import {triggerOffObject} from '../../../src/domain/run/back/claimed-back.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {statesDue} from '../../../src/engine/schema/goal/waits.ts';
import {trigger} from './rows.ts';

const LATER = {triggers: 'at-cutover'} as const;
const NOW = {triggers: 'after-load'} as const;
const ALWAYS = [trigger('counting', {enabled: 'A'}), trigger('quiet', {enabled: 'D'})];

test('a trigger that a cutover has left on the target fires at the origin alone until the next one, whoever runs the steps meanwhile', () => {
  expect(statesDue(ALWAYS, LATER, NEW_RUN)).toEqual([]);
  expect(statesDue(ALWAYS, NOW, NEW_RUN)).toEqual(ALWAYS);
});

test('once the target was handed over it has to be as on the source', () => {
  const cutover = {status: 'handed-over'} as NonNullable<RunState['cutover']>;
  expect(statesDue(ALWAYS, LATER, {...NEW_RUN, cutover})).toEqual(ALWAYS);
});

test('one that is off while changes are applied stays off', () => {
  const [{schema, table, name} = {schema: '', table: '', name: ''}] = ALWAYS;
  const claimed = [triggerOffObject({schema, name: table, trigger: name, fires: 'ALWAYS'})];
  expect(statesDue(ALWAYS, NOW, {...NEW_RUN, claimed})).toEqual(ALWAYS.slice(1));
});
