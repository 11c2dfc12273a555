import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {
  commandAction,
  undoCommand,
  undoingOf,
  type NamedCommand,
} from '../../../src/engine/cutover/commands/operator-commands.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import {contextOf} from '../../support/stepping.ts';

const MAIN = join(import.meta.dirname, 'killed-with-us.ts');

const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ana', steps: []};

let folder: string;
const place = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-commands-'));
});
afterEach(() => {
  rmSync(folder, {recursive: true});
});

/** A context whose journal is in memory, and which is ended by `signal`. */
function contextWith(signal = new AbortController().signal) {
  const ctx = contextOf('never', BEGUN);
  const password = {reveal: () => 'hunter2'} as NonNullable<StepContext['config']['servers']['source']['password']>;
  const servers = {source: {params: {}, password}} as unknown as StepContext['config']['servers'];
  return {
    ...ctx,
    config: {...ctx.config, servers},
    signal,
    env: {PATH: process.env['PATH']},
    steady: () => performance.now(),
  } as StepContext & typeof ctx;
}

const named = (command: Partial<NamedCommand['command']>): NamedCommand => ({
  name: 'hand_over.0',
  command: {run: ['true'], undo: null, check: null, limitMs: 5_000, ...command},
});

/** The same with one command in longhaul.yaml that leads the application over, undone so; or with none. */
function withCommands(ctx: StepContext, undo?: readonly string[] | null): StepContext {
  const handOver = undo === undefined ? [] : [named({undo}).command];
  const cutover = {stopBefore: [], stopAfter: [], handOver, opened: []};
  return {...ctx, config: {...ctx.config, cutover} as unknown as StepContext['config']};
}

describe('a command of the operator in a cutover', () => {
  test('is in the journal before it starts, so that whoever goes back undoes it', async () => {
    const ctx = contextWith();
    const failing = commandAction(ctx, named({run: ['sh', '-c', `exit 3`]}));
    await expect(failing.execute()).rejects.toThrow('it ended with 3');
    expect(ctx.state().cutover?.commands).toEqual(['hand_over.0']);
  });

  test('is told without passwords, whether it ends well or not', async () => {
    const ctx = contextWith();
    await commandAction(ctx, named({run: ['echo', 'switched as hunter2 with password=open']})).execute();
    const failing = named({run: ['sh', '-c', 'echo refused for hunter2 >&2; exit 1']});
    await expect(commandAction(ctx, failing).execute()).rejects.toThrow('refused for ********');
    const told = ctx.entries.flatMap((event) => (event.type === 'cutover.command' ? [event.output] : []));
    expect(told).toContain('switched as ******** with password=********');
  });

  test('has worked only once its check says so', async () => {
    const ctx = contextWith();
    const checked = named({
      run: ['touch', place('run')],
      check: ['sh', '-c', `[ -e ${place('second')} ] || { touch ${place('second')}; exit 1; }`],
    });
    await commandAction(ctx, checked).execute();
    expect(existsSync(place('second'))).toBe(true);
    const never = named({check: ['false'], limitMs: 1000});
    await expect(commandAction(contextWith(), never).execute()).rejects.toThrow(/it ended with 1|it did not end/);
  });

  test('is undone by its opposite, and the journal says so', async () => {
    const ctx = contextWith();
    await commandAction(ctx, named({undo: ['touch', place('undone')]})).execute();
    await undoCommand(ctx, 'hand_over.0', {run: ['touch', place('undone')], limitMs: 5_000});
    expect(existsSync(place('undone'))).toBe(true);
    expect(ctx.state().cutover?.commands).toEqual([]);
  });

  test('is undone as longhaul.yaml had it when it began, whatever is written in its place by then', async () => {
    const ctx = contextWith();
    const edited = (undo: readonly string[] | null) => undoingOf(withCommands(ctx, undo), 'hand_over.0');
    await commandAction(ctx, named({undo: ['touch', place('undone')]})).execute();
    const own = {run: ['touch', place('undone')], limitMs: 5_000};
    expect(edited(['touch', place('another')])).toEqual(own);
    expect(undoingOf(withCommands(ctx), 'hand_over.0')).toEqual(own);
    // One without an opposite is not undone by that of another.
    await commandAction(ctx, named({})).execute();
    expect(edited(['touch', place('another')])).toEqual({run: null, limitMs: 0});
  });

  test('is undone with its password, which no journal keeps, only as long as longhaul.yaml has the same', async () => {
    const ctx = contextWith();
    const undo = ['psql', 'postgresql://ops:hunter2@pool/app', '-c', 'RESUME'];
    await commandAction(ctx, named({undo})).execute();
    expect(JSON.stringify(ctx.entries)).not.toContain('hunter2');
    expect(undoingOf(withCommands(ctx, undo), 'hand_over.0')).toEqual({run: undo, limitMs: 5_000});
    const other = undoingOf(withCommands(ctx, ['true']), 'hand_over.0');
    expect(other).toEqual({why: expect.stringMatching(/another command in its place.*@pool\/app' -c RESUME$/)});
  });

  test('that an earlier version has begun is known by its place alone', () => {
    const begun: RunEvent = {type: 'cutover.command', command: 'hand_over.0', moment: 'started', output: ''};
    const ctx = {...contextWith(), state: contextOf('never', BEGUN, begun).state};
    expect(undoingOf(withCommands(ctx, ['true']), 'hand_over.0')).toEqual({run: ['true'], limitMs: 5_000});
    expect(undoingOf(withCommands(ctx), 'hand_over.0')).toEqual({why: expect.stringContaining('no more')});
  });

  test('does not begin any more once somebody has taken the cutover back', async () => {
    const halted = new AbortController();
    halted.abort('ana has taken it back');
    const ctx = contextWith(halted.signal);
    await expect(commandAction(ctx, named({run: ['touch', place('run')]})).execute()).rejects.toBe(
      'ana has taken it back',
    );
    expect(existsSync(place('run'))).toBe(false);
    expect(ctx.state().cutover?.commands).toEqual([]);
  });

  test('does not begin where it is taken back while the journal is told of it', async () => {
    const halted = new AbortController();
    const ctx = contextWith(halted.signal);
    const record: StepContext['record'] = async (event) => {
      await ctx.record(event);
      halted.abort('ana has taken it back');
    };
    const starting = commandAction({...ctx, record}, named({run: ['touch', place('run')]})).execute();
    await expect(starting).rejects.toBe('ana has taken it back');
    expect(existsSync(place('run'))).toBe(false);
  });

  test('is shown without passwords, and what is to be done about its failure leads nobody to a closed target', async () => {
    const failing = commandAction(contextWith(), named({run: ['false', 'password=open', 'hunter2']}));
    expect(failing.text).toBe("false 'password=********' '********'");
    const why = await failing.execute().catch((error: unknown) => error);
    expect(why).toMatchObject({remedy: expect.stringMatching(/^see why it failed.*then longhaul cutover$/)});
  });

  test.each([
    ['run', named({run: ['sleep', '60'], limitMs: 60_000})],
    ['check', named({check: ['sleep', '60'], limitMs: 60_000})],
  ])('that hangs in its %s is ended when somebody takes the cutover back', async (_, command) => {
    const halted = new AbortController();
    const running = commandAction(contextWith(halted.signal), command).execute();
    setTimeout(() => halted.abort(new Error('ana has taken it back')), 200);
    await expect(running).rejects.toThrow('ana has taken it back');
  });

  test('has a parent that ends it with its supervisor', async () => {
    const script = `ps -o args= -p $PPID > ${place('parent')}`;
    await commandAction(contextWith(), named({run: ['sh', '-c', script]})).execute();
    expect(readFileSync(place('parent'), 'utf8')).toMatch(/ longhaul sh -c /);
  });

  test('ends with its supervisor, however that is killed: it must not lead the application away after it was taken back', async () => {
    const script = `echo $$ > ${place('pid')}; while [ ! -e ${place('go')} ]; do sleep 0.05; done; touch ${place('led')}`;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'sh', '-c', script]);
    const gone = once(child, 'exit');
    await expect.poll(() => existsSync(place('pid')), {timeout: 20_000}).toBe(true);
    await expect.poll(() => readFileSync(place('pid'), 'utf8').trim(), {timeout: 20_000}).not.toBe('');
    const pid = Number(readFileSync(place('pid'), 'utf8'));
    child.kill('SIGKILL');
    await gone;
    await expect.poll(() => isAlive(pid), {timeout: 20_000}).toBe(false);
    writeFileSync(place('go'), '');
    expect(existsSync(place('led'))).toBe(false);
  });
});

/** Whether a process runs; what is dead and was not waited for does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
