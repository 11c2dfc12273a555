import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {loadConfig} from '../../../src/config/load.ts';
import {createContext} from '../../../src/engine/run/run-context.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {NO_TOOLS} from '../../../src/engine/tools/tools.ts';
import {inMemory} from '../../support/in-memory.ts';
import {barePostgres, listen} from '../../support/strangers.ts';

test('a session that is made while its context is closed is not left behind: nobody would close it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lh-context-'));
  onTestFinished(async () => rm(folder, {recursive: true, force: true}));
  // It lets in only after the context is closed.
  const {port, sockets} = await listen(barePostgres({afterMs: 300}));
  const path = join(folder, 'longhaul.yaml');
  const servers = ['source', 'replica', 'target'].map(
    (role) => `${role}: host=127.0.0.1 port=${port} sslmode=disable\n`,
  );
  await writeFile(path, `run: acme\n${servers.join('')}run_directory: run\n`);
  const config = await loadConfig(path, {});
  const ctx = createContext({
    config,
    folder: runFolderAt(config.runDirectory),
    tools: NO_TOOLS,
    store: inMemory(),
    env: {},
    signal: new AbortController().signal,
    now: Date.now,
    readOnly: true,
  });
  const attempt = ctx.session('source').then(
    () => 'made',
    () => 'not made',
  );
  await expect.poll(() => sockets.size).toBe(1);
  await ctx.close();
  expect(await attempt).toBe('not made');
  await expect.poll(() => sockets.size).toBe(0);
  await expect(ctx.session('target')).rejects.toMatchObject({code: 'unreachable'});
});
