import {describe, expect, test} from 'vitest';
import {serverOfProbe} from '../../../src/domain/reading/server-of-probe.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN} from '../../../src/domain/run/run-state.ts';
import {figuresOf} from '../../../src/probes/judge/history.ts';
import {formatMetrics} from '../../../src/probes/out/open-metrics.ts';
import {hear, NOTHING_HEARD} from '../../../src/ui/store/live.ts';
import {storageRows} from '../../../src/ui/view-model/storage-rows.ts';
import {at, historyOf, START} from '../judge/observed.ts';

const read: Reading = {
  at: at(1),
  probe: 'figures',
  of: 'archive',
  server: 'source',
  figures: [
    {name: 'waiting', label: 'to archive', value: 1234, unit: 'count', of: null},
    {name: 'waiting_bytes', label: 'to archive', value: 3 * 1024 ** 3, unit: 'bytes', of: 'pg_wal'},
    {name: 'oldest', label: 'oldest', value: null, unit: 'seconds', of: 'may not be seen'},
  ],
};

describe('what a new probe reads as figures, of which nobody else knows', () => {
  test('is shown among WAL and disks, and as what was once true where the probe fails', () => {
    const heard = hear(NOTHING_HEARD, {type: 'reading', reading: read});
    expect(storageRows(heard).map(({server, label, value}) => [server, label, value])).toEqual([
      ['source', 'to archive', '1,234'],
      ['source', 'to archive', '3.0 GB, pg_wal'],
      ['source', 'oldest', 'unknown, may not be seen'],
    ]);
    const failed: Reading = {at: at(2), probe: 'failed', of: 'archive:source', message: 'permission denied'};
    expect(storageRows(hear(heard, {type: 'reading', reading: failed})).map(({value, old}) => [value, old])).toEqual([
      ['archive:source: permission denied', false],
      ['(04:01:00) 1,234', true],
      ['(04:01:00) 3.0 GB, pg_wal', true],
      ['(04:01:00) unknown, may not be seen', true],
    ]);
  });

  test('is exported, but for what is unknown, and found by the judge of an alarm', () => {
    const history = historyOf([read]);
    const metrics = formatMetrics({history, state: {...NEW_RUN, run: 'acme'}, nowMs: START});
    expect(metrics.split('\n').filter((line) => line.includes('archive_'))).toEqual([
      '# HELP longhaul_archive_waiting to archive (count).',
      '# TYPE longhaul_archive_waiting gauge',
      'longhaul_archive_waiting{run="acme",server="source"} 1234',
      '# HELP longhaul_archive_waiting_bytes to archive (bytes).',
      '# TYPE longhaul_archive_waiting_bytes gauge',
      'longhaul_archive_waiting_bytes{run="acme",server="source",of="pg_wal"} 3221225472',
    ]);
    expect(figuresOf(history, 'archive:source')?.figures).toHaveLength(3);
    expect(figuresOf(history, 'slots')).toBeNull();
  });

  test('is of the server that the probe is called after', () => {
    expect(
      ['archive:source', 'wal:replica', 'slots', 'target', 'lanes', 'disk:source', 'runway:target'].map(serverOfProbe),
    ).toEqual(['source', 'replica', 'source', 'target', null, null, null]);
  });
});
