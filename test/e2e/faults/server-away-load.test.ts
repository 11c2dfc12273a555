import {afterEach, describe, expect, test} from 'vitest';
import {join} from 'node:path';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {holdTable, untilLaneWaits, type LetGo} from '../../support/hold.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

/** Each is away for longer than five probes, and longer than a statement may take to be given up. */
const AWAY_MS = 20_000;
const LIMIT_MS = 600_000;
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

async function untilOver(lab: Lab): Promise<void> {
  const isOver = async (): Promise<true | null> => ((await stateOf(lab)).status === 'running' ? null : true);
  await eventually('the end of the walk', isOver, 300_000);
}

async function away(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, AWAY_MS);
  });
}

const nothing: LetGo = async () => undefined;

describe.skipIf(!NIGHTLY)('a server that goes away while rows are loaded (nightly)', () => {
  let lab: Lab;
  let letGo = nothing;

  afterEach(async () => {
    await letGo();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  /** A load one of whose lanes waits before its first row. */
  async function loading(): Promise<void> {
    lab = await startLab({seed: join(import.meta.dirname, '../../support/two-tables.sql')});
    await edit(lab, ['load:\n', 'probes: {interval: 500ms}\ntimeouts: {outage: 3min}\nload:\n']);
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    letGo = await holdTable(lab, 'public.entries');
    await mustEndWell(lab, 'run', '--detach');
    await untilLaneWaits(lab);
  }

  /** What `longhaul status` says is to be done, once it says this. */
  async function untilTold(words: RegExp): Promise<string> {
    return eventually(`status to say ${words.source}`, async () => {
      const {stdout} = await longhaul(lab, 'status');
      return words.test(stdout) ? stdout : null;
    });
  }

  test(
    'the source: its slots are there again with it, and P holds: nothing fails, and nothing is loaded twice',
    async () => {
      await loading();
      const {boundary} = await stateOf(lab);
      await lab.source.stop('immediate');
      const told = await untilTold(/what now: The source has not answered for/);
      expect(told).not.toMatch(/what now: Nothing/);
      await away();
      await letGo();
      await lab.source.start();
      await untilOver(lab);
      const state = await stateOf(lab);
      expect([state.status, state.boundary?.lsn]).toEqual(['done', boundary?.lsn]);
      const journal = await journalOf(lab);
      expect(journal.filter(({type}) => type === 'step.failed' || type === 'boundary.moved')).toEqual([]);
      expect(state.units.map(({state: unit}) => unit.status === 'committed' && unit.attempt)).toEqual(
        state.units.map(() => 1),
      );
      expect(compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target))).toEqual(
        [],
      );
    },
    LIMIT_MS,
  );

  test(
    'the replica: restarted it has gone past P, which is said with what to do, and that brings every row',
    async () => {
      await loading();
      const {boundary} = await stateOf(lab);
      await lab.replica.stop('immediate');
      const told = await untilTold(/what now: The replica has not answered for/);
      expect(told).not.toMatch(/what now: Nothing/);
      await away();
      await lab.replica.start();
      await lab.source.sql('SELECT pg_current_xact_id(); SELECT pg_switch_wal()');
      const lost = await untilTold(/P is lost/);
      await letGo();
      const [, remedy = ''] = /P is lost: .*?longhaul (?:--config \S+ )?(run --from [a-z-]+)/.exec(lost) ?? [];
      expect(remedy).toBe('run --from pause-replay');
      await untilOver(lab);
      await mustEndWell(lab, ...remedy.split(' '), '--plain');
      const state = await stateOf(lab);
      expect(state.status).toBe('done');
      expect(state.boundary?.lsn).not.toBe(boundary?.lsn);
      expect(compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target))).toEqual(
        [],
      );
    },
    LIMIT_MS,
  );
});
