import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, expect, test, vi} from 'vitest';
import {main} from '../../../src/cli/main.ts';
import {readLockHolder} from '../../../src/cli/supervisor/lock-holder.ts';
import {createRunFolder, runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {eventually} from '../../support/longhaul.ts';

const parent = mkdtempSync(join(tmpdir(), 'lh-busy-'));
const folder = runFolderAt(join(parent, 'run'));
const config = join(parent, 'longhaul.yaml');
const server = 'host=127.0.0.1 port=1';
writeFileSync(config, `run: acme\nsource: ${server}\nreplica: ${server}\ntarget: ${server}\nrun_directory: run\n`);
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(() => rmSync(parent, {recursive: true, force: true}));

test('a supervisor that is stopped or hangs is named with its pid and how it is ended', async () => {
  await createRunFolder(folder);
  const lock = join(import.meta.dirname, '../../../libexec/with-lock.sh');
  const hung = spawn('sh', [lock, folder.lock, 'sleep', '600'], {stdio: 'ignore'});
  try {
    const pid = await eventually('its lock', async () => (await readLockHolder(folder.lock))?.pid ?? null);
    expect(pid).toBe(hung.pid);
    const said: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((words: unknown) => void said.push(String(words)));
    process.kill(pid, 'SIGSTOP');
    await eventually('its rest', async () => (await readLockHolder(folder.lock))?.isStopped === true || null);
    await main(['node', 'longhaul', '--config', config, 'abort', '--yes', 'acme'], {HOME: parent});
    expect(process.exitCode).toBe(1);
    expect(said.join('\n')).toContain(`longhaul: another longhaul, pid ${pid}, is stopped (SIGSTOP) and cannot answer`);
    expect(said.join('\n')).toContain(`kill -CONT ${pid} lets it go on; or kill -9 ${pid} ends it`);
  } finally {
    hung.kill('SIGKILL');
  }
}, 30_000);

test('who only has the file open has no lock', async () => {
  const open = spawn('sh', ['-c', 'exec 9>> "$1"; exec sleep 600', 'sh', folder.lock], {stdio: 'ignore'});
  const lock = join(import.meta.dirname, '../../../libexec/with-lock.sh');
  const holder = spawn('sh', [lock, folder.lock, 'sleep', '600'], {stdio: 'ignore'});
  try {
    const {pid} = await eventually('a lock', async () => readLockHolder(folder.lock));
    expect(pid).toBe(holder.pid);
  } finally {
    open.kill('SIGKILL');
    holder.kill('SIGKILL');
  }
});

test('a lock that nobody has has no holder', async () => {
  await createRunFolder(folder);
  await eventually('its end', async () => ((await readLockHolder(folder.lock)) === null ? true : null));
  expect(await readLockHolder(join(parent, 'none'))).toBeNull();
});
