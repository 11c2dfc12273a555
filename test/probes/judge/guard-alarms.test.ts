import {expect, test} from 'vitest';
import type {Alarm} from '../../../src/domain/reading/alarm.ts';
import type {Figure} from '../../../src/domain/reading/figure.ts';
import {STRICT_MODE} from '../../../src/domain/run/claimed.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {at, due} from './observed.ts';

/** The alarms with a guard's figures, in this state. */
function guarded(figures: readonly Figure[], change: Partial<RunState>): readonly Alarm[] {
  const reading = {at: at(1), probe: 'figures', of: 'guard', server: 'target', figures} as const;
  return due(1, [reading], {...NEW_RUN, ...change});
}

const figure = (name: string, of: string): Figure => ({name, label: name, value: 1, unit: 'count', of});

test('a table whose TRUNCATE nobody writes down any more is told with the trigger that is disabled, and one that has lost it with what makes it anew', () => {
  const [off, gone, ...others] = guarded(
    [
      figure('truncate_untold', 'trigger "queue ""x"" on table a" on table public."Big"'),
      figure('truncate_untold', 'table public.log'),
    ],
    {run: 'acme'},
  );
  expect(others).toEqual([]);
  expect([off?.id, off?.severity]).toEqual(['cdc.truncates:public."Big"', 'warning']);
  expect(off?.remedy).toBe(
    'on the source, as superuser: SET lock_timeout = \'2s\'; ALTER TABLE "public"."Big" ENABLE TRIGGER "queue ""x"" on table a"; then longhaul compare --again public."Big"',
  );
  expect([gone?.id, gone?.remedy]).toEqual([
    'cdc.truncates:public.log',
    'longhaul adopt public.log --yes acme, by which pglogical makes it anew',
  ]);
});

test('pglogical that passes over what does not fit is told where this run has made it stop there, with what makes it so again', () => {
  const seen = [figure('not_strict', 'database a"b')];
  expect(guarded(seen, {})).toEqual([]);
  const [alarm, ...others] = guarded(seen, {claimed: [STRICT_MODE]});
  expect(others).toEqual([]);
  expect([alarm?.id, alarm?.severity]).toEqual(['cdc.strict', 'warning']);
  expect(alarm?.remedy).toContain(`ALTER DATABASE "a""b" SET pglogical.conflict_log_level = 'error'; then`);
  expect(guarded([], {claimed: [STRICT_MODE]})).toEqual([]);
});

test('a slot that is down is told with the tables that it tries in vain, the first three of its own', () => {
  const down: Figure = {name: 'down_seconds', label: 'down', value: 25, unit: 'seconds', of: 'slot lh_01'};
  const toldOf = (...tables: readonly string[]): string | undefined => {
    const guards = tables.map((of) => figure('tried', of));
    const [alarm, ...others] = due(
      1,
      [
        {at: at(1), probe: 'figures', of: 'cdc', server: 'target', figures: [down]},
        {at: at(1), probe: 'figures', of: 'guard', server: 'target', figures: guards},
      ],
      NEW_RUN,
    );
    expect([alarm?.id, others]).toEqual(['cdc.down:lh_01', []]);
    return alarm?.seen;
  };
  expect(toldOf()).toBe('no worker has applied it for 0:25');
  expect(toldOf('slot lh_01, table public.orders', 'slot lh_02, table public.others')).toBe(
    'no worker has applied it for 0:25, and what it tries is in public.orders',
  );
  expect(toldOf(...['a', 'b', 'c', 'd', 'e'].map((name) => `slot lh_01, table public.${name}`))).toMatch(
    / is in public\.a, public\.b, public\.c, and 2 tables more$/,
  );
});
