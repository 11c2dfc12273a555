// npm run bench:forecast: three primaries whose WAL lies on a small file system, each under writers who write and pause in their own way, until it is
// nearly full; and dozens of shapes on paper. Exit 1 where an alarm came with less than three quarters of `alarms.runway` left, went because
// writers paused, or a range did not hold the time that it really took. Mounting wants root. Some eight minutes.
import {statfsSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {loadConfig} from '../src/config/load.ts';
import {startLab, type Lab} from '../src/lab/lab.ts';
import {simulate} from '../test/probes/judge/filling/simulate.ts';
import {watchLab, type Watched} from '../test/probes/watch/watch-lab.ts';
import {mayMount, moveWal, type WalVolume} from '../test/probes/watched/wal-volume.ts';

const MB = 1024 * 1024;
const RUNWAY_S = 90;
const NEEDED = 0.75;
/** Nearly full: a primary that cannot write WAL goes down. */
const LAST = 0.06;
const LONGEST_S = 540;
/** Servers write their WAL a segment ahead, and disks are read every few seconds. */
const BY_SECONDS = 12;

/** Writers who write so many MB in each second of a cycle's first part, and nothing in the rest. */
interface Writers {
  readonly name: string;
  readonly mbPerSecond: number;
  readonly onSeconds: number;
  readonly cycleSeconds: number;
  readonly volumeMb: number;
}

const WRITERS: readonly Writers[] = [
  {name: 'steadily', mbPerSecond: 3, onSeconds: 1, cycleSeconds: 1, volumeMb: 896},
  {name: '15 s of every minute', mbPerSecond: 12, onSeconds: 15, cycleSeconds: 60, volumeMb: 896},
  {name: 'a minute on, a minute off', mbPerSecond: 6, onSeconds: 60, cycleSeconds: 120, volumeMb: 1344},
];

interface Seen {
  readonly atMs: number;
  readonly soonest: number;
  readonly latest: number | null;
}

const problems: string[] = [];

async function fill(writers: Writers): Promise<void> {
  const lab = await startLab({size: 'tiny'});
  let volume: WalVolume | null = null;
  let watched: Watched | null = null;
  try {
    volume = await prepare(lab, writers.volumeMb);
    watched = await watch(lab, volume);
    const {fullMs, seen} = await writeUntilFull(lab, volume, {writers, watched});
    judge(writers, watched, {fullMs, seen});
  } finally {
    await watched?.stop();
    await lab.stop();
    volume?.remove();
  }
}

async function prepare(lab: Lab, volumeMb: number): Promise<WalVolume> {
  await lab.replica.stop();
  await lab.source.sql("SELECT pg_drop_replication_slot('maintenance')");
  const volume = await moveWal(lab, volumeMb * MB);
  await lab.source.sql("ALTER SYSTEM SET max_wal_size = '64MB'; ALTER SYSTEM SET min_wal_size = '32MB'");
  await lab.source.sql(
    "SELECT pg_reload_conf(); SELECT pg_create_logical_replication_slot('dms_slot_01', 'pglogical')",
  );
  return volume;
}

async function watch(lab: Lab, volume: WalVolume): Promise<Watched> {
  const config = await loadConfig(lab.yamlPath, {});
  const watched = await watchLab(lab, {
    intervalMs: 1000,
    disks: {...config.disks, source: {command: volume.command, volumeBytes: null}},
    thresholds: {...config.alarms, retainedBytes: 1024 ** 4, runwayMinutes: RUNWAY_S / 60},
  });
  await watched.record({type: 'objects.claimed', objects: ['slot dms_slot_01']});
  return watched;
}

interface Filling {
  readonly writers: Writers;
  readonly watched: Watched;
}

/** Writes, and notes every forecast; `fullMs` is when the last byte would be used, writing on alike. */
async function writeUntilFull(
  lab: Lab,
  volume: WalVolume,
  {writers, watched}: Filling,
): Promise<{readonly fullMs: number; readonly seen: readonly Seen[]}> {
  const seen: Seen[] = [];
  const beganMs = Date.now();
  const free = (): number => {
    const {bavail, bsize} = statfsSync(volume.path);
    return bavail * bsize;
  };
  const {onSeconds, cycleSeconds, mbPerSecond} = writers;
  let writingMs = 0;
  let noted = 0;
  for (let second = 0; free() > LAST * writers.volumeMb * MB; second += 1) {
    if (second > LONGEST_S) throw new Error(`${writers.name}: not full after ${LONGEST_S} s`);
    if (second % cycleSeconds < onSeconds) {
      await lab.source.sql(
        `SELECT pg_logical_emit_message(false, 'bench', repeat(md5(random()::text), 32768)) FROM generate_series(1, ${mbPerSecond})`,
      );
      writingMs += 1000;
    }
    await wait(Math.max(0, beganMs + (second + 1) * 1000 - Date.now()));
    for (const reading of watched.readings.slice(noted)) {
      if (reading.probe === 'runway' && reading.server === 'source' && reading.runway !== null)
        seen.push({atMs: Date.parse(reading.at), soonest: reading.runway.soonest, latest: reading.runway.latest});
    }
    noted = watched.readings.length;
  }
  // What is left is written in the same way.
  const leftSeconds = free() / (mbPerSecond * MB);
  let second = Math.round((Date.now() - beganMs) / 1000);
  for (let written = 0; written < leftSeconds; second += 1) if (second % cycleSeconds < onSeconds) written += 1;
  if (writingMs === 0) throw new Error('nothing was written');
  return {fullMs: beganMs + second * 1000, seen};
}

function judge(
  {name, cycleSeconds}: Writers,
  watched: Watched,
  {fullMs, seen}: {fullMs: number; seen: readonly Seen[]},
): void {
  const raised = watched.events.findIndex(
    (event) => event.type === 'alarm.raised' && event.alarm.id === 'disk.runway:source',
  );
  const cleared = watched.events.some((event) => event.type === 'alarm.cleared' && event.id === 'disk.runway:source');
  const since = watched.state().alarms.find(({id}) => id === 'disk.runway:source')?.since;
  const firstMs = seen[0]?.atMs ?? 0;
  const left = since === undefined ? 0 : (fullMs - Date.parse(since)) / 1000;
  if (raised < 0 || since === undefined) problems.push(`${name}: no alarm`);
  else if (left < NEEDED * RUNWAY_S) problems.push(`${name}: the alarm came ${left.toFixed(0)} s before full`);
  if (cleared) problems.push(`${name}: the alarm was cleared`);
  // What was never seen is in no forecast: two cycles have to be.
  const known = seen.filter(({atMs}) => atMs >= firstMs + 2 * cycleSeconds * 1000);
  if (known.length === 0) problems.push(`${name}: full before two cycles were seen`);
  const wrong = known.filter(({atMs, soonest, latest}) => {
    const really = (fullMs - atMs) / 1000;
    return soonest * 60 > really * 1.1 + BY_SECONDS || (latest ?? Infinity) * 60 < really * 0.9 - BY_SECONDS;
  });
  for (const {atMs, soonest, latest} of wrong.slice(0, 3))
    problems.push(
      `${name}: ${(soonest * 60).toFixed(0)} to ${latest === null ? 'never' : (latest * 60).toFixed(0)} s, really ${((fullMs - atMs) / 1000).toFixed(0)} s`,
    );
  console.log(
    `${name}: alarm ${left.toFixed(0)} s before full (at least ${NEEDED * RUNWAY_S}), ${known.length - wrong.length} of ${known.length} ranges held the truth`,
  );
}

/** Shapes on paper: no clock and no server. */
function onPaper(seed: number, shapes: number): void {
  let state = seed;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  for (let n = 0; n < shapes; n += 1) {
    const runwayMinutes = [3, 6, 10][Math.floor(random() * 3)] ?? 6;
    const cycle = 20 + Math.floor(random() * runwayMinutes * 90);
    const [share, phase, still] = [0.05 + random() * 0.95, random(), random() < 0.5 ? 0 : random() / 2];
    const rate = (8 + random() * 60) * MB;
    const rateAt = (second: number): number => ((second + phase * cycle) % cycle < share * cycle ? rate : rate * still);
    const room = rate * (share + (1 - share) * still) * (runwayMinutes * 90 + 3 * cycle);
    const {raisedBefore, clearedBefore, wrong} = simulate({rateAt, room, runwayMinutes, knownAt: 2 * cycle + 60});
    const limit = NEEDED * runwayMinutes * 60;
    const words = `on paper, ${Math.round(share * cycle)} s of ${cycle} s, alarms.runway ${runwayMinutes} min`;
    if ((raisedBefore ?? 0) < limit) problems.push(`${words}: the alarm came ${raisedBefore} s before full`);
    if (clearedBefore.some((left) => left < runwayMinutes * 66)) problems.push(`${words}: the alarm was cleared`);
    if (wrong.length > 0) problems.push(`${words}: ${wrong[0]}`);
  }
  console.log(`on paper: ${shapes} shapes`);
}

if (!mayMount()) throw new Error('this machine lets us mount nothing: run it as root');
const outcomes = await Promise.allSettled(WRITERS.map(fill));
onPaper(Number(process.env['LONGHAUL_SEED'] ?? 4711), 60);
for (const one of outcomes) if (one.status === 'rejected') problems.push(String(one.reason));
for (const problem of problems) console.log(`WRONG  ${problem}`);
console.log(
  `forecast: ${WRITERS.length} primaries, ${problems.length === 0 ? 'all as it should be' : `${problems.length} things wrong`}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
