import {describe, expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN} from '../../../src/domain/run/run-state.ts';
import {NOTHING_SEEN, remember} from '../../../src/probes/judge/history.ts';
import {formatMetrics} from '../../../src/probes/out/open-metrics.ts';

describe('metrics', () => {
  test('are OpenMetrics text, with what is unknown left out', () => {
    const readings: Reading[] = [
      {at: '2026-11-24T04:00:00.000Z', probe: 'wal', server: 'source', walBytes: 16, why: null},
      {at: '2026-11-24T04:00:00.000Z', probe: 'wal', server: 'replica', walBytes: null, why: 'needs GRANT pg_monitor'},
    ];
    const history = readings.reduce(
      (seen, reading) => remember(seen, reading, {state: NEW_RUN, atMs: Date.parse(reading.at)}),
      NOTHING_SEEN,
    );
    const state = {
      ...NEW_RUN,
      run: 'acme',
      alarms: [{id: 'slot.lost:a"b', severity: 'critical', subject: '', seen: '', remedy: '', since: ''} as const],
    };
    const nowMs = Date.parse('2026-11-24T04:00:05.000Z');
    expect(formatMetrics({history, state, nowMs}).split('\n')).toEqual([
      '# HELP longhaul_wal_directory_bytes Size of pg_wal.',
      '# TYPE longhaul_wal_directory_bytes gauge',
      'longhaul_wal_directory_bytes{run="acme",server="source"} 16',
      '# HELP longhaul_alarm Alarms that are raised.',
      '# TYPE longhaul_alarm gauge',
      String.raw`longhaul_alarm{run="acme",id="slot.lost:a\"b",severity="critical"} 1`,
      '# HELP longhaul_written_timestamp_seconds When this was written, in seconds since 1970: old where the supervisor has died.',
      '# TYPE longhaul_written_timestamp_seconds gauge',
      'longhaul_written_timestamp_seconds{run="acme"} 1795492805',
      '# HELP longhaul_reading_timestamp_seconds When each probe gave its last good reading, in seconds since 1970.',
      '# TYPE longhaul_reading_timestamp_seconds gauge',
      'longhaul_reading_timestamp_seconds{run="acme",probe="wal:source"} 1795492800',
      'longhaul_reading_timestamp_seconds{run="acme",probe="wal:replica"} 1795492800',
      '# HELP longhaul_reading_age_seconds Age of the last good reading of each probe when this was written.',
      '# TYPE longhaul_reading_age_seconds gauge',
      'longhaul_reading_age_seconds{run="acme",probe="wal:source"} 5',
      'longhaul_reading_age_seconds{run="acme",probe="wal:replica"} 5',
      '# EOF',
      '',
    ]);
  });
});
