import {once} from 'node:events';
import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {startLab} from '../../../src/lab/lab.ts';
import {crashRecovery} from '../../faults/faults.ts';
import {eventually} from '../../support/longhaul.ts';

/** What a crash recovery of a paused standby leaves of a session and of what can be read afterwards. */
export interface Recovered {
  readonly postmasterStartIsSame: boolean;
  readonly pauseIsForgotten: boolean;
  /** What a psql printed and said that had a session before, asked again after it. */
  readonly words: string;
}

const PAUSE = `DO $$ BEGIN IF current_setting('server_version_num')::int < 100000
  THEN PERFORM pg_xlog_replay_pause(); ELSE PERFORM pg_wal_replay_pause(); END IF; END $$`;

/** On servers of one release: a session of psql on the paused standby, as a lane's fence has one, over a crash recovery. */
export async function crashBesideASession(bin: string): Promise<Recovered> {
  const lab = await startLab({size: 'tiny', sourceBin: bin, targetBin: bin});
  const {replica} = lab;
  const paused = Number((await replica.sql('SHOW server_version_num'))[0]?.[0]) < 100000 ? 'xlog' : 'wal';
  try {
    await replica.sql(PAUSE);
    const before = await replica.sql('SELECT pg_postmaster_start_time()');
    const psql = spawn(join(replica.clientBin, 'psql'), ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', replica.conninfo]);
    let said = '';
    psql.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    psql.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    psql.stdin.write(`SELECT 'before';\n`);
    await eventually('the session', async () => (said.includes('before') ? true : null));
    await crashRecovery(replica);
    psql.stdin.end(`SELECT 'after';\n`);
    await once(psql, 'close');
    return {
      postmasterStartIsSame:
        JSON.stringify(await replica.sql('SELECT pg_postmaster_start_time()')) === JSON.stringify(before),
      pauseIsForgotten: (await replica.sql(`SELECT pg_is_${paused}_replay_paused()`))[0]?.[0] === 'f',
      words: said,
    };
  } finally {
    await lab.stop();
  }
}
