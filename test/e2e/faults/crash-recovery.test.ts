import {readFile, writeFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {crashRecovery} from '../../faults/faults.ts';
import {beginLoad, holdTable, untilLaneWaits} from '../../support/hold.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {untilReplayed} from '../../support/replayed.ts';

// The source is quiet, so that the replica's WAL ends at P: after its crash recovery it is at P again, in one postmaster.
describe('a backend of the paused replica is killed with -9 where WAL ends at P', () => {
  let lab: Lab;
  let started = '';
  let streamsFrom = '';

  const position = async (): Promise<string> =>
    (await lab.replica.sql('SELECT pg_last_wal_replay_lsn(), pg_postmaster_start_time()'))[0]?.join(' ') ?? '';

  const setOnReplica = async (setting: string): Promise<void> => {
    await lab.replica.sql(`ALTER SYSTEM SET ${setting}`);
    await lab.replica.sql('SELECT pg_reload_conf()');
  };

  /** Cuts the stream; whether nothing has come behind P. */
  const endsHere = async (): Promise<boolean> => {
    await setOnReplica(`primary_conninfo = ''`);
    await lab.source.sql('SELECT pg_terminate_backend(pid) FROM pg_stat_replication');
    await eventually('the end of the stream', async () =>
      (await lab.source.sql('SELECT 1 FROM pg_stat_replication')).length === 0 ? true : null,
    );
    const same = 'SELECT 1 WHERE pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()';
    return (await lab.replica.sql(same)).length > 0;
  };

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(
      lab.yamlPath,
      yaml.replace('lanes: 4', 'lanes: 1').replace('big_tables: 3', 'big_tables: [public.late]'),
    );
    await lab.source.sql(
      'CREATE TABLE public.late (id int PRIMARY KEY, x text); ALTER TABLE public.late OWNER TO longhaul',
    );
    await mustEndWell(lab, 'run', '--plain', '--until', 'add-tables');
    // From this restartpoint on everything is replayed again; without a background writer nothing of it is on disk.
    await setOnReplica('bgwriter_lru_maxpages = 0');
    await lab.source.sql('CHECKPOINT');
    await untilReplayed(lab);
    await lab.replica.sql('CHECKPOINT');
    await lab.source.sql(`INSERT INTO public.late SELECT i, md5(i::text) FROM generate_series(1, 5000) i`);
    await untilReplayed(lab);
    [[streamsFrom = ''] = []] = await lab.replica.sql('SHOW primary_conninfo');
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    // Whatever the source's background writer still says does not arrive any more: the replica's WAL ends at P, unless it was too quick.
    while (!(await endsHere())) {
      await setOnReplica(`primary_conninfo = '${streamsFrom.replaceAll("'", "''")}'`);
      await lab.replica.sql('SELECT pg_wal_replay_resume()');
      await untilReplayed(lab);
      await mustEndWell(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'strip-target');
    }
    started = await position();
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('no unit begins while the replica shows rows from before P, nor at P unpaused; the run says so and what to do', async () => {
    const letGo = await holdTable(lab, 'public.accounts');
    await beginLoad(lab, 1, null);
    await untilLaneWaits(lab);
    // Holds the recovery up before the last commit, for as long as the test looks at it.
    await setOnReplica(`recovery_min_apply_delay = '1d'`);
    await crashRecovery(lab.replica);
    expect(await lab.replica.sql('SELECT count(*) FROM public.late')).toEqual([['0']]);
    await letGo();
    const moved = await eventually('the loss of P in the journal', async () => {
      const {boundaryMoved} = await stateOf(lab);
      return boundaryMoved;
    });
    expect(moved.message).toMatch(/^P .* is lost: /);
    expect(moved.remedy).toContain('--from pause-replay');
    await setOnReplica('recovery_min_apply_delay = 0');
    await eventually('the same position in the same postmaster', async () =>
      (await position()) === started ? true : null,
    );
    await eventually('the end of the walk', async () =>
      (await journalOf(lab)).some(({type}) => type === 'step.failed') ? true : null,
    );
    const late = (await journalOf(lab)).filter(
      (entry) => entry.type === 'unit.started' && entry.unit.endsWith('public.late'),
    );
    expect(late).toEqual([]);
    await setOnReplica(`primary_conninfo = '${streamsFrom.replaceAll("'", "''")}'`);
    const again = await longhaul(lab, 'run', '--plain', '--from', 'full-load');
    expect(again.code).toBe(1);
    expect(again.stdout).toContain('--from pause-replay');
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  });

  test('its remedy pauses again, proves P, and the run comes to its end with every row', async () => {
    const {code, stdout, stderr} = await longhaul(
      lab,
      'run',
      '--plain',
      '--from',
      'pause-replay',
      '--until',
      'compare-rows',
    );
    expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
    expect(await lab.target.sql('SELECT count(*) FROM public.late')).toEqual([['5000']]);
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
  });

  test('a comparison in which it happens is void', async () => {
    await crashRecovery(lab.replica);
    const {code, stdout} = await longhaul(lab, 'run', '--plain', '--from', 'compare-rows', '--until', 'compare-rows');
    expect(code).toBe(1);
    // The source may have said something behind P meanwhile, which recovery has replayed too.
    expect(stdout).toMatch(
      /rows cannot be compared: (replay is not paused|the replica has replayed to \S+, away from P)/,
    );
  });
});
