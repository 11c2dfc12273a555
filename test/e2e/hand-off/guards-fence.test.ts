import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {fenceLine, type Boundary} from '../../../src/domain/pg/boundary.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {compareTables} from '../../../src/engine/compare/compare-tables.ts';
import {judgeColumns} from '../../../src/engine/load/judge-columns.ts';
import {createLedger} from '../../../src/pg/load/ledger.ts';
import {createRunFolder, runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {captureBoundary} from '../../../src/engine/steps/boundary/capture-boundary.ts';
import {fullLoad} from '../../../src/engine/steps/load/full-load.ts';
import {stripTarget} from '../../../src/engine/steps/load/strip-target.ts';
import {inventory} from '../../../src/engine/steps/prepare/inventory.ts';
import {pauseReplay} from '../../../src/engine/steps/boundary/pause-replay.ts';
import {planSlots} from '../../../src/engine/steps/prepare/plan-slots.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {fenceScript} from '../../../src/pg/replication/replica.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {eventually} from '../../support/longhaul.ts';
import {RUN} from '../../support/stepping.ts';

let lab: Lab;
let ctx: LabContext;
let boundary: Boundary;

/** Pauses anew and gives the P that it is at. */
async function atNewBoundary(): Promise<void> {
  await pauseReplay.run(ctx);
  await captureBoundary.run(ctx);
  const {boundary: captured} = ctx.state();
  if (captured === null) throw new Error('no P');
  boundary = captured;
}

beforeAll(async () => {
  lab = await startLab({size: 'tiny'});
  await createRunFolder(runFolderAt(join(lab.folder, 'run')));
  ctx = await contextOn(lab, RUN);
  await inventory.run(ctx);
  await planSlots.run(ctx);
  await atNewBoundary();
});
afterAll(async () => {
  await ctx.close();
  await lab.stop();
});

/** What a lane's psql on the replica does around the data, which here are `command`. */
async function fence(command: string): Promise<{code: number | null; lines: string[]; said: string}> {
  const {version} = await ctx.session('replica');
  const child = spawn(
    join(lab.replica.clientBin, 'psql'),
    ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose', '-f', '-', '-d', lab.replica.conninfo],
    {stdio: ['pipe', 'pipe', 'pipe']},
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece) => (out += String(piece)));
  child.stderr.on('data', (piece) => (err += String(piece)));
  child.stdin.end(fenceScript(version, fenceLine(boundary), command));
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return {code, lines: out.trim().split('\n'), said: err};
}

describe('the fence around a unit’s data', () => {
  test('is the same line before and after while the replica is paused at P', async () => {
    expect(await fence('echo data')).toMatchObject({
      code: 0,
      lines: [fenceLine(boundary), 'data', fenceLine(boundary)],
    });
  });

  test('lets no data begin where the replica is elsewhere, or at P and not paused', async () => {
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
    const {code, lines, said} = await fence('echo data');
    expect([code, lines.includes('data')]).toEqual([3, false]);
    expect(said).toContain('22012');
    await atNewBoundary();
    const whole = boundary;
    boundary = {...whole, lsn: parseLsn('0/28')};
    expect((await fence('echo data')).lines).toEqual([fenceLine(whole)]);
    boundary = whole;
  });

  test('has no second line where a backend of the replica crashed in between, also if it is at P again', async () => {
    const crash = `kill -9 $(${join(lab.replica.clientBin, 'psql')} -XAtc "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1" -d "${lab.replica.conninfo}") && sleep 1; echo data`;
    const {code, lines} = await fence(crash);
    expect(code).not.toBe(0);
    expect(lines).toEqual([fenceLine(boundary), 'data']);
    await eventually('the replica again', async () => lab.replica.sql('SELECT 1').catch(() => null));
    await atNewBoundary();
  });
});

/** What keeps a load at P from beginning. */
const checks = async (...more: RunEvent[]): Promise<string[]> => {
  const other = await contextOn(lab, RUN, {type: 'boundary.captured', boundary}, ...more);
  const {done, findings} = await fullLoad.check(other);
  await other.close();
  return done === null ? findings.filter(({severity}) => severity === 'blocker').map(({check}) => check) : ['done'];
};

describe('a load is not begun', () => {
  const proved: RunEvent = {type: 'boundary.proved', evidence: {}};
  const blockers = async (): Promise<Set<string>> => new Set(await checks(proved));

  test('without a P that is proved', async () => {
    expect(await checks()).toEqual(['full-load.no-boundary']);
  });

  test('on a target that lacks a table, has one otherwise, or has rows in it', async () => {
    expect([...(await blockers())]).toEqual(['full-load.missing-table']);
    await lab.target.sql(
      `CREATE TABLE public.twice (id integer, code text, more text); ALTER TABLE public.twice OWNER TO longhaul`,
    );
    expect(await blockers()).toEqual(new Set(['full-load.missing-table', 'full-load.columns-differ']));
    await lab.target.sql(`INSERT INTO public.twice VALUES (1)`);
    expect(await blockers()).toEqual(
      new Set(['full-load.missing-table', 'full-load.columns-differ', 'full-load.foreign-rows']),
    );
    // One that this run has filled at an older P is filled again as it is.
    const target = await ctx.session('target');
    for (const statement of createLedger()) await target.run(statement);
    await lab.target.sql(
      `INSERT INTO longhaul.load_table (run, boundary, name) VALUES ('${ctx.config.run}', '0/28', '"public"."twice"')`,
    );
    expect(await blockers()).toEqual(new Set(['full-load.missing-table', 'full-load.columns-differ']));
    const twice = {id: 'twice', kind: 'table', tables: [{schema: 'public', name: 'twice'}], bytes: 1} as const;
    expect(await judgeColumns(ctx, twice)).toMatchObject({
      heals: false,
      message: expect.stringContaining('public.twice: its columns on the target are not those of the replica'),
    });
    // Indexes of the load before: who begins with full-load has passed over the step that takes them off.
    await lab.target.sql('CREATE INDEX twice_code ON public.twice (code)');
    expect(await blockers()).toEqual(
      new Set(['full-load.missing-table', 'full-load.columns-differ', 'full-load.not-stripped']),
    );
    const other = await contextOn(lab, RUN, {type: 'boundary.captured', boundary}, proved);
    for (const action of await stripTarget.plan(other)) await action.execute();
    await other.close();
    expect(await blockers()).toEqual(new Set(['full-load.missing-table', 'full-load.columns-differ']));
    await lab.target.sql('DROP SCHEMA longhaul CASCADE; DROP TABLE public.twice; SELECT lo_create(0)');
    expect(await blockers()).toEqual(new Set(['full-load.missing-table', 'full-load.foreign-objects']));
    await lab.target.sql('SELECT lo_unlink(oid) FROM pg_largeobject_metadata');
  });

  test('and nothing is compared, once the replica has left P', async () => {
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
    await eventually('replay', async () =>
      (await lab.replica.sql('SELECT pg_is_wal_replay_paused()'))[0]?.[0] === 'f' ? true : null,
    );
    expect(await blockers()).toEqual(new Set(['full-load.boundary-moved', 'full-load.missing-table']));
    const other = await contextOn(lab, RUN, {type: 'boundary.captured', boundary}, proved);
    await expect(compareTables(other)).rejects.toThrow('rows cannot be compared');
    await other.close();
  });
});
