import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {labServer, type LabServer} from '../../src/lab/cluster/lab-server.ts';
import {findFreePorts} from '../../src/lab/cluster/free-ports.ts';
import {runProgram} from '../../src/lab/cluster/server-programs.ts';
import {createStandby, waitUntilStreaming} from '../../src/lab/cluster/standby.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {beginLoad, holdTable} from '../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';
import {otherBuild} from '../support/other-build.ts';
import {carry, failing, remedyIn} from './typed.ts';

/** Servers and versions that are not what they were, a minute: `npm run remedies`, nightly. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

async function promote(server: LabServer): Promise<void> {
  await runProgram(join(server.bin, 'pg_ctl'), ['-D', server.dataDir, '-s', 'promote'], {asServerUser: true});
  await eventually('it to be a primary', async () => {
    const [[inRecovery] = []] = await server.sql('SELECT pg_is_in_recovery()');
    return inRecovery === 'f' ? true : null;
  });
}

describe.skipIf(!NIGHTLY)('a remedy about servers is carried out as it is written, and the run goes on', () => {
  let lab: Lab;
  const made: LabServer[] = [];

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    for (const server of made) await server.stop('immediate').catch(() => undefined);
    await lab.stop();
  });

  /** Another standby of a server, made anew, which takes the replica's place in longhaul.yaml. */
  async function anotherStandby(name: string, of: LabServer): Promise<LabServer> {
    const [port = 0] = await findFreePorts(1);
    const {bin, clientBin, socketDir} = lab.replica;
    const place = {
      bin,
      clientBin,
      socketDir,
      port,
      dataDir: join(lab.folder, name),
      logFile: join(lab.folder, `${name}.log`),
    };
    const standby = labServer(place);
    made.push(standby);
    await createStandby(standby, of, name);
    await standby.start();
    await waitUntilStreaming(standby, of, {name});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    const [, old = ''] = /^replica: .*port=(\d+)/m.exec(yaml) ?? [];
    await writeFile(lab.yamlPath, yaml.replaceAll(`port=${old}`, `port=${port}`));
    const pgpass = join(lab.folder, 'pgpass');
    const text = await readFile(pgpass, 'utf8');
    await writeFile(
      pgpass,
      `${text.trim()}\n${text
        .split('\n')
        .find((line) => line.includes(`:${old}:`))
        ?.replace(`:${old}:`, `:${port}:`)}\n`,
    );
    return standby;
  }

  test('the replica was promoted after P', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    const letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1);
    await promote(lab.replica);
    const {remedy} = await eventually('the run to see it', async () => (await stateOf(lab)).boundaryMoved);
    const [from = ''] = remedyIn(
      remedy,
      /let `replica` in longhaul\.yaml name another standby of the source, made anew where there is none; then longhaul (run --from pause-replay) \(what is loaded is loaded again\)/,
    );
    await letGo();
    await longhaul(lab, 'shutdown');
    await anotherStandby('second', lab.source);
    await carry(lab, from, '--plain --until full-load');
    expect((await stateOf(lab)).units.every(({state}) => state.status === 'committed')).toBe(true);
  });

  test('the replica follows a clone that was promoted', async () => {
    await anotherStandby('third', lab.replica);
    const words = await failing(
      lab,
      'run --plain --from pause-replay --until prove-boundary',
      /`source` must name the primary of today, `replica` a standby that streams from it; after a failover the replica has to follow.* or (be made anew) from that primary/,
    );
    expect(words).toEqual(['be made anew']);
    await anotherStandby('fourth', lab.source);
    await mustEndWell(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'prove-boundary');
  });

  test('a supervisor of another version', async () => {
    await mustEndWell(lab, 'shutdown');
    const its = await otherBuild(lab);
    expect(await its('run', '--detach', '--until', 'strip-target')).toBe(0);
    const [pid = ''] = await failing(
      lab,
      'resume --start',
      /use the longhaul that started the supervisor; or end that one, kill (\d+): the lanes go on, and longhaul run starts one of this version/,
    );
    process.kill(Number(pid));
    await eventually('its end', async () => ((await longhaul(lab, 'resume', '--start')).code === 3 ? true : null));
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    expect((await stateOf(lab)).supervisor?.pid).not.toBe(Number(pid));
  });
});
