import {statfsSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {loadConfig} from '../../../src/config/load.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {longhaul} from '../../support/longhaul.ts';
import {mayMount, moveWal, type WalVolume} from './wal-volume.ts';
import {eventually, watchLab, type Watched} from '../watch/watch-lab.ts';

const MB = 1024 * 1024;
const VOLUME = 640 * MB;
/** Of text that no page compression makes smaller, written in each statement. */
const PIECE = MB;

/** Writes rows into the primary at a steady rate until the function that it gives is called. */
function startWriting(lab: Lab, bytesPerSecond: number): () => Promise<void> {
  const stop = new AbortController();
  const beganMs = Date.now();
  const write = async (written: number): Promise<void> => {
    if (stop.signal.aborted) return;
    await lab.source.sql(`INSERT INTO public.filler SELECT repeat('x', 1000) FROM generate_series(1, ${PIECE / 1000})`);
    const aheadMs = beganMs + ((written + PIECE) / bytesPerSecond) * 1000 - Date.now();
    await new Promise((resolve) => {
      setTimeout(resolve, Math.max(0, aheadMs));
    });
    await write(written + PIECE);
  };
  const writing = write(0);
  return async () => {
    stop.abort();
    await writing;
  };
}

/** It holds a forecast against what really happens, and so against how busy the machine is: `npm run runway`, nightly. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

describe.skipIf(!NIGHTLY || !mayMount())('a slot that nobody reads, on a primary with a small WAL volume', () => {
  let lab: Lab;
  let volume: WalVolume;
  let watched: Watched;
  let stopWriting: () => Promise<void>;

  const freeBytes = (): number => {
    const {bavail, bsize} = statfsSync(volume.path);
    return bavail * bsize;
  };
  const runway = (): Extract<Reading, {probe: 'runway'}>['runway'] => {
    const reading = watched.readings.findLast((one) => one.probe === 'runway' && one.server === 'source');
    return reading?.probe === 'runway' ? reading.runway : null;
  };

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    // The replica would ask for WAL as well; only the slot is to hold it.
    await lab.replica.stop();
    await lab.source.sql("SELECT pg_drop_replication_slot('maintenance')");
    volume = await moveWal(lab, VOLUME);
    await lab.source.sql('CREATE TABLE public.filler (t text)');
    // A server keeps segments up to max_wal_size for new WAL; the lab's is twice this volume.
    await lab.source.sql("ALTER SYSTEM SET max_wal_size = '64MB'; ALTER SYSTEM SET min_wal_size = '32MB'");
    await lab.source.sql('SELECT pg_reload_conf()');
    await lab.source.sql("SELECT pg_create_logical_replication_slot('dms_slot_01', 'pglogical')");
    const config = await loadConfig(lab.yamlPath, {});
    watched = await watchLab(lab, {
      intervalMs: 1000,
      disks: {...config.disks, source: {command: volume.command, volumeBytes: null}},
      thresholds: {...config.alarms, retainedBytes: 160 * MB, runwayMinutes: 1},
    });
    await watched.record({type: 'objects.claimed', objects: ['slot dms_slot_01']});
    stopWriting = startWriting(lab, 8 * MB);
  });
  afterAll(async () => {
    await stopWriting();
    await watched.stop();
    await lab.stop();
    volume.remove();
  });

  test('the forecast made at half full is within 25 % of the time that it really takes', async () => {
    await eventually('the volume to be half full', () => (freeBytes() < VOLUME / 2 ? true : null), 300_000);
    const atMs = Date.now();
    const forecast = runway();
    expect(forecast).not.toBeNull();
    // Nearly full: a primary that cannot write WAL goes down, and there is nothing left to release.
    const left = 0.08 * VOLUME;
    await eventually('the volume to be nearly full', () => (freeBytes() < left ? true : null), 300_000);
    const reallyMinutes = (Date.now() - atMs) / 60_000 / (1 - left / (VOLUME / 2));
    const error = ((forecast?.minutes ?? 0) - reallyMinutes) / reallyMinutes;
    console.log(
      `forecast ${forecast?.minutes.toFixed(2)} min, really ${reallyMinutes.toFixed(2)} min, off by ${(100 * error).toFixed(1)} % (goal 25 %)`,
    );
    expect(Math.abs(error)).toBeLessThan(0.25);
  });

  test('the alarms came in order: held, then full soon, then full very soon', async () => {
    const critical = await eventually('the critical alarm', () =>
      watched.state().alarms.find(({id, severity}) => id === 'disk.runway:source' && severity === 'critical'),
    );
    expect(critical.remedy).toContain('longhaul release');
    const raised = watched.events.flatMap((event) =>
      event.type === 'alarm.raised' && !event.alarm.id.startsWith('probe.')
        ? [`${event.alarm.id} ${event.alarm.severity}`]
        : [],
    );
    expect(raised).toEqual([
      'slot.retained:dms_slot_01 warning',
      'disk.runway:source warning',
      'disk.runway:source critical',
    ]);
  });

  test('release frees the space', async () => {
    await stopWriting();
    const before = freeBytes();
    const released = await longhaul(lab, 'release', '--yes', 'rehearsal', '--by-prefix');
    expect(released, released.stderr).toMatchObject({code: 0});
    expect(released.stdout).toMatch(/^dropped dms_slot_01;/m);
    const freed = Number(/^frees {4}about (\d+) MB/m.exec(released.stdout)?.[1]) * MB;
    expect(freed).toBeGreaterThan(VOLUME / 2);
    expect(await lab.source.sql('SELECT count(*) FROM pg_replication_slots')).toEqual([['0']]);
    await eventually('free space', () => (freeBytes() > before + VOLUME / 4 ? true : null));
  });
});
