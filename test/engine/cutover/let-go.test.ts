import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {mirrored} from '../../../src/engine/back/mirrored.ts';
import {judgeStays, planLettingGo} from '../../../src/engine/cutover/commands/let-go.ts';
import {executeAll} from '../../../src/engine/make-action.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import {contextOf} from '../../support/stepping.ts';

const OPENING: RunEvent[] = [
  {type: 'cutover.begun', by: 'ana', steps: ['hand-over']},
  {type: 'cutover.opening', by: 'ana'},
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-let-go-'));
});
afterEach(() => {
  rmSync(folder, {recursive: true});
});

type Commands = readonly (readonly string[])[];

/** A context with these commands in longhaul.yaml; those of `stop_before` are undone by `resume`. */
function contextWith({opened = [], stopBefore = []}: {readonly opened?: Commands; readonly stopBefore?: Commands}) {
  const known = contextOf('never', ...OPENING);
  const of = (commands: Commands, undo: readonly string[] | null) =>
    commands.map((run) => ({run, undo, check: null, limitMs: 5_000}));
  const cutover = {
    stopBefore: of(stopBefore, ['resume']),
    stopAfter: [],
    handOver: [],
    opened: of(opened, null),
  };
  return {
    ...known,
    config: {...known.config, servers: {}, cutover},
    env: {PATH: process.env['PATH']},
    steady: () => performance.now(),
  } as unknown as StepContext & typeof known;
}

describe('the commands once the target takes writes', () => {
  test('are run each, though one fails, which is told with what to run by hand: there is no going back', async () => {
    const place = join(folder, 'resumed');
    const ctx = contextWith({
      opened: [
        ['false', 'a b'],
        ['touch', place],
      ],
    });
    await executeAll(planLettingGo(ctx));
    expect(existsSync(place)).toBe(true);
    expect(ctx.state().findings).toMatchObject([
      {
        step: 'hand-over',
        check: 'cutover.not-let-go',
        seen: expect.stringContaining('cutover.opened.0: it ended with 1'),
        remedy: expect.stringMatching(/by hand, .*: false 'a b'$/),
      },
    ]);
    expect(ctx.state().cutover?.status).toBe('opening');
  });

  test('are told as they are written on a way back as well, where our own words are turned round', async () => {
    const ctx = contextWith({opened: [['sh', '-c', 'echo the target >&2; exit 3', 'to the source']]});
    await ctx.record({type: 'cutover.handed-over', by: 'run', evidence: {}});
    await ctx.record({type: 'back.begun', by: 'ana', steps: ['back-hand-over']});
    await ctx.record({type: 'back.opening', by: 'ana'});
    await executeAll(planLettingGo(mirrored(ctx)));
    expect(ctx.state().findings).toMatchObject([
      {
        seen: expect.stringMatching(/^the source takes writes, .* it ended with 3: the target$/),
        remedy: expect.stringMatching(/'to the source'$/),
      },
    ]);
  });

  test('are missed where a pool would stay paused', () => {
    const paused = contextWith({stopBefore: [['pause']]});
    expect(judgeStays(paused.config)).toMatchObject([
      {check: 'cutover.stays', severity: 'warning', seen: expect.stringMatching(/stop_before\.0 does stays.* resume$/)},
    ]);
    expect(judgeStays(contextWith({stopBefore: [['pause']], opened: [['resume']]}).config)).toEqual([]);
    expect(judgeStays(contextWith({}).config)).toEqual([]);
  });
});
