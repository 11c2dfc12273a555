import {describe, expect, test} from 'vitest';
import {whyNoCutover} from '../../../src/domain/rules/cutover.ts';
import {whyRefused} from '../../../src/domain/rules/why-refused.ts';
import type {SchemaChange} from '../../../src/domain/run/drift/schema-change.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {reduce} from '../../../src/domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {due} from '../../probes/judge/observed.ts';

const table = {schema: 'public', name: 't'};
const CHANGE: SchemaChange = {
  object: 'column public.t.x',
  change: 'is new',
  why: '',
  statement: 'ALTER TABLE public.t ADD COLUMN x integer',
  table,
  fills: null,
};
const SECOND: SchemaChange = {...CHANGE, object: 'column public.t.y', statement: null};

/** A run that has caught up, so that only what it knows keeps it from cutting over. */
const CAUGHT_UP: RunState = {
  ...NEW_RUN,
  run: 'acme',
  status: 'done',
  steps: [{id: 'wait-for-catch-up', state: {status: 'skipped', reason: ''}}],
};

function after(...events: RunEvent[]): RunState {
  return events.reduce(
    (state, event, at) => reduce(state, {...event, seq: at + 1, at: '2026-11-27T05:00:00.000Z'}),
    CAUGHT_UP,
  );
}

const drifted = (...changes: SchemaChange[]): RunEvent => ({
  type: 'schema.drifted',
  total: changes.length,
  changes,
  filled: [],
});
const accepted: RunEvent = {type: 'differences.accepted', by: 'ana', objects: [CHANGE.object]};
const alarms = (state: RunState) => due(0, [], state).filter(({id}) => id === 'schema.drift:source');

describe('what has changed in the schema of the source since P', () => {
  test('is an alarm with what to run on the target, and keeps the cutover from beginning', () => {
    const state = after(drifted(CHANGE));
    expect(alarms(state)).toMatchObject([
      {
        subject: 'schema of the source, 1 change',
        remedy: `on the target: ${CHANGE.statement}; then the alarm is over within two minutes`,
      },
    ]);
    expect(whyNoCutover(state)?.why).toContain('column public.t.x is new');
    expect(whyNoCutover(after(drifted(CHANGE), drifted()))).toBeNull();
    expect(alarms(after(drifted(CHANGE), drifted()))).toEqual([]);
  });

  test('a change that somebody has accepted keeps no cutover and raises no alarm; another one of the same object does', () => {
    const command = {type: 'accept-differences', objects: [CHANGE.object], typed: 'acme'} as const;
    expect(whyRefused(after(drifted(CHANGE)), command, 'acme')).toBeNull();
    expect(whyRefused(after(), command, 'acme')?.why).toContain('there is no open difference of column public.t.x');
    const state = after(drifted(CHANGE), accepted, drifted(CHANGE));
    expect(whyNoCutover(state)).toBeNull();
    expect(alarms(state)).toEqual([]);
    expect(whyNoCutover(after(drifted(CHANGE), accepted, drifted({...CHANGE, why: 'text now'})))).not.toBeNull();
    expect(alarms(after(drifted(CHANGE), accepted, drifted(CHANGE, SECOND)))[0]?.seen).toContain('1 change');
  });

  test('rows that DDL has written are owed a comparison, without which there is no cutover', () => {
    const owed: RunEvent = {type: 'comparison.owed', tables: [table], why: 'its rows were written anew'};
    expect(whyNoCutover(after(owed))?.why).toContain('has to be compared: its rows were written anew');
    expect(whyNoCutover(after(owed, {type: 'comparison.made', tables: [table]}))).toBeNull();
  });
});
