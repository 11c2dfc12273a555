import {readFileSync} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {writeLaneFolder} from '../../../../src/engine/load/host/lane-folder.ts';
import {readLaneLife, signalLane, startLane} from '../../../../src/engine/load/host/lane-process.ts';
import {createLocalHost} from '../../../../src/engine/load/host/local.ts';
import {readRemains, readTally} from '../../../../src/engine/load/lane/remains.ts';
import {classifyFailure} from '../../../../src/engine/load/outcome.ts';
import {pipelineNamed} from '../../../../src/engine/load/pipeline/pipelines.ts';
import {findPv} from '../../../../src/engine/tools/find-pv.ts';
import {eventually} from '../../../support/longhaul.ts';

const pv = await findPv(process.env);
const HOST = createLocalHost({});
const MB = 1024 ** 2;
const UNIT = {id: '01-a', kind: 'table', tables: [{schema: 'public', name: 'a'}], bytes: 1} as const;

/** A lane whose data are zeros and that keeps none of them, with a pv in its pipe. */
async function begin(folder: string, {rate, megabytes}: {rate: string; megabytes: number}): Promise<void> {
  await writeLaneFolder(folder, {
    method: 'copy\n',
    'opening.sql': 'BEGIN;\n',
    'closing.sql': 'COMMIT;\n',
    'fence.expected': 'at P\ndump 0\nat P\n',
    'fence.sh': `echo at P; sh ./dump.sh >&7 2>> dump.log; dump=$?; printf '%s' "$dump" 1<> dump.exit; echo "dump $dump"; echo at P\n`,
    'dump.sh': `exec head -c ${megabytes * MB} /dev/zero\n`,
    'load.sh': 'wc -c > taken; tail -c 20 taken > /dev/null\n',
    'throttle.sh': `exec ${pv?.path} -q ${rate}\n`,
  });
  startLane(folder, {own: {LC_ALL: 'C.UTF-8'}, env: {PATH: process.env['PATH']}});
  await eventually('the pv', async () => ((await pvOf(folder)) === null ? null : true));
}

async function pvOf(folder: string): Promise<number | null> {
  const life = await readLaneLife(folder);
  return life.life === 'running' ? (life.processes.find(({command}) => command === 'pv')?.pid ?? null) : null;
}

async function gone(folder: string): Promise<void> {
  await eventually('its end', async () => ((await readLaneLife(folder)).life === 'gone' ? true : null));
}

/** What the taking end has read so far. */
async function taken(folder: string): Promise<number> {
  const life = await readLaneLife(folder);
  const pids =
    life.life === 'running' ? life.processes.filter(({command}) => command === 'wc').map(({pid}) => pid) : [];
  return Math.max(0, ...(await HOST.bytesRead(pids)));
}

describe.skipIf(pv === null)('a lane with a pv in its pipe', () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'lh-throttled-'));
    folder = join(parent, '01-a.1');
  });
  afterEach(async () => {
    await signalLane(folder, 'SIGKILL');
    await gone(folder);
    await rm(parent, {recursive: true, force: true});
  });

  test('carries no more than it may, and as fast as it can once it is told so; what went down the pipe is counted once', async () => {
    await begin(folder, {rate: '-L 65536', megabytes: 32});
    // At this rate it would take eight minutes.
    const [fromMs, from] = [performance.now(), await taken(folder)];
    await eventually('some of it', async () => ((await taken(folder)) > from + 65_536 ? true : null));
    // A quiet second counts as allowed; whatever the machine does, not more than the time that has passed.
    expect((await taken(folder)) - from).toBeLessThan(65_536 * ((performance.now() - fromMs) / 1000 + 2));
    // A pv that gets no processor for a second hears nothing, and is told again.
    await eventually('a pv that listens', async () =>
      (await HOST.throttle(folder, pv?.path ?? '', 1024 ** 4)) ? true : null,
    );
    await gone(folder);
    expect(await readRemains(HOST, folder)).toMatchObject({dumpExit: 0, loadExit: 0, throttleLog: ''});
    const sent = 32 * MB + 'BEGIN;\nCOMMIT;\n'.length;
    expect(Number((await readFile(join(folder, 'taken'), 'utf8')).trim())).toBe(sent);
    const {bytes} = await readTally(HOST, folder);
    expect(bytes).toBeGreaterThanOrEqual(sent);
    expect(bytes).toBeLessThan(sent * 1.01);
  });

  test('that is stopped is told nothing, and nobody waits for it', async () => {
    await begin(folder, {rate: '-L 65536', megabytes: 32});
    await signalLane(folder, 'SIGSTOP');
    await eventually('its stop', async () => {
      const life = await readLaneLife(folder);
      return life.life === 'running' && life.processes.every(({state}) => state === 'T') ? true : null;
    });
    expect(await HOST.throttle(folder, pv?.path ?? '', MB)).toBe(false);
    await signalLane(folder, 'SIGCONT');
  });

  test.each(['copy', 'binary', 'pg_dump'])(
    'by %s, whose pv is killed, commits nothing and is loaded again',
    async (method) => {
      await begin(folder, {rate: '-L 65536', megabytes: 32});
      process.kill((await pvOf(folder)) ?? 0, 'SIGKILL');
      await gone(folder);
      const remains = await readRemains(HOST, folder);
      expect(remains).toMatchObject({dumpExit: 141, fenceSeen: {before: 'at P', after: 'at P'}});
      const cutOff = 'psql:<stdin>:9: ERROR:  22P04: unexpected EOF in COPY data\n';
      const loadLog = method === 'binary' ? cutOff : '';
      const failure = classifyFailure(UNIT, {
        ...remains,
        pipeline: pipelineNamed(method),
        fenceExpected: 'at P',
        loadLog,
        loadExit: method === 'binary' ? 3 : 0,
      });
      expect(failure).toMatchObject({cause: 'lost', message: expect.stringContaining('pv') as string, heals: true});
    },
  );

  test('whose word that it is to end came first passes nothing on', async () => {
    await begin(folder, {rate: '-L 65536', megabytes: 32});
    expect(await signalLane(folder, 'SIGTERM')).toBe(true);
    await gone(folder);
    expect(readFileSync(join(folder, 'exit'), 'utf8').trim()).toMatch(/^- (\d+|-)$/);
  });
});

test('a pv that cannot be told another rate while it runs is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lh-pv-'));
  const make = async (help: string): Promise<void> =>
    writeFile(join(folder, 'pv'), `#!/bin/sh\n[ "$1" = --help ] && echo '${help}' || echo 'pv 1.8.5 - Copyright'\n`, {
      mode: 0o755,
    });
  await make('-L  -q');
  expect(await findPv({PATH: folder})).toBeNull();
  await make('-R, --remote PID');
  expect(await findPv({PATH: folder})).toEqual({path: join(folder, 'pv'), version: '1.8.5'});
  expect(await findPv({PATH: join(folder, 'nowhere')})).toBeNull();
  await rm(folder, {recursive: true});
});
