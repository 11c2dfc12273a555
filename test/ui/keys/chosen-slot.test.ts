import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {chosenSlot} from '../../../src/ui/keys/cdc-keys.ts';
import {CAPTURE} from '../../../src/ui/panes/capture.ts';
import {NOTHING_HEARD, type Live} from '../../../src/ui/store/live.ts';

const slot = (planned: string) => ({
  planned,
  name: `pgl_app_longhaul_${planned}`,
  restartLsn: parseLsn('0/1'),
  confirmedFlushLsn: parseLsn('0/1'),
});
const subscribed: RunState = {
  ...NOTHING_HEARD.run,
  claimed: ['lh_01', 'lh_02'].flatMap((name) => [`pglogical-subscription ${name}`, `slot pgl_app_longhaul_${name}`]),
  evidence: {'prepare-cdc': {slots: [slot('lh_01'), slot('lh_02')]}},
};
const chosen = (run: RunState, slots: string | null) => chosenSlot({live: {run}, view: {selected: {slots}}});

describe('with slots that pglogical has named', () => {
  test('the one that is chosen in the slots pane is the plan’s', () => {
    expect(chosen(subscribed, 'pgl_app_longhaul_lh_02')).toBe('lh_02');
    expect(chosen(subscribed, 'somebody_elses')).toBeNull();
    expect(chosen(subscribed, null)).toBeNull();
  });

  test('the only one need not be chosen', () => {
    const claimed = subscribed.claimed.filter((object) => object.endsWith('lh_01'));
    expect(chosen({...subscribed, claimed}, null)).toBe('lh_01');
  });

  test('the history of each is that of its slot on the source', () => {
    const at = '2026-11-24T00:00:00.000Z';
    const live: Live = {
      ...NOTHING_HEARD,
      run: subscribed,
      readings: new Map([
        [
          'cdc:target',
          {
            at,
            probe: 'figures',
            of: 'cdc',
            server: 'target',
            figures: [{name: 'lag_bytes', label: 'behind', value: 3, unit: 'bytes', of: 'slot lh_01'}],
          },
        ],
      ]),
      trends: {slots: {pgl_app_longhaul_lh_01: [{atMs: 1, value: 7}]}, units: {}},
    };
    expect(CAPTURE.rows(live, 0).map(({id, history}) => [id, history])).toEqual([['lh_01', [7]]]);
  });
});

test('a slot that is called as it was planned is chosen by its name', () => {
  const run: RunState = {...NOTHING_HEARD.run, claimed: ['slot lh_01', 'slot lh_02', 'subscription lh_02']};
  expect(chosen(run, 'lh_02')).toBe('lh_02');
});
