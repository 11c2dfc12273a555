import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {leadingBack, planLeadingBack, readLeadingBack} from '../../../src/engine/back/lead-back.ts';
import {mirrored} from '../../../src/engine/back/mirrored.ts';
import {goBack, planBackOut} from '../../../src/engine/cutover/going-back.ts';
import {createFence} from '../../../src/engine/cutover/fence.ts';
import {createFinalComparison} from '../../../src/engine/cutover/final/final-comparison.ts';
import {commandAction} from '../../../src/engine/cutover/commands/operator-commands.ts';
import {executeAll} from '../../../src/engine/make-action.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import {answeringSession, contextOf} from '../../support/stepping.ts';

const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ana', steps: ['stop-writes', 'hand-over']};
const HANDED_OVER: RunEvent[] = [
  {type: 'cutover.opening', by: 'ana'},
  {type: 'cutover.handed-over', by: 'run', evidence: {}},
];
const BACK: RunEvent = {type: 'back.begun', by: 'ana', steps: ['back-stop-writes', 'back-hand-over']};
const OPENING: RunEvent = {type: 'back.opening', by: 'ana'};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lh-lead-back-'));
});
afterEach(() => {
  rmSync(folder, {recursive: true});
});

type Words = readonly [run: readonly string[], undo: readonly string[] | null];

/** Writes a line into the file of the test. */
const notes = (line: string): readonly string[] => ['sh', '-c', `echo ${line} >> ${join(folder, 'led')}`];
const led = (): Words => [notes('to the new one'), notes('to the old one')];

const written = (): readonly string[] =>
  existsSync(join(folder, 'led')) ? readFileSync(join(folder, 'led'), 'utf8').trim().split('\n') : [];

/** A context with these commands of the hand-over in longhaul.yaml. */
function withHandOver<Ctx extends StepContext>(ctx: Ctx, commands: readonly Words[]): Ctx {
  const handOver = commands.map(([run, undo]) => ({run, undo, check: null, limitMs: 5_000}));
  const cutover = {...ctx.config.cutover, handOver};
  return {...ctx, config: {...ctx.config, cutover}};
}

/** After a hand-over with these commands, while one goes back; `isBack` is seen from there. */
async function goingBack(commands: readonly Words[]) {
  const password = {reveal: () => 'hunter2'};
  const known = contextOf('never', BEGUN);
  const session = answeringSession();
  const config = {
    ...known.config,
    cdc: {engine: 'none'},
    servers: {source: {params: {}, password}, target: {params: {}, password: null}},
    cutover: {reverse: false, stop: 'commands', stopBefore: [], stopAfter: [], handOver: [], opened: []},
  };
  const plain = {
    ...known,
    config,
    env: {PATH: process.env['PATH']},
    steady: () => performance.now(),
    session: async () => session,
    open: async () => session,
    fence: createFence(),
    final: createFinalComparison(),
  } as unknown as StepContext & typeof known;
  const ctx = withHandOver(plain, commands);
  for (const [at, command] of ctx.config.cutover.handOver.entries())
    await commandAction(ctx, {name: `hand_over.${at}`, command}).execute();
  for (const event of [...HANDED_OVER, BACK]) await ctx.record(event);
  rmSync(join(folder, 'led'), {force: true});
  return ctx;
}

describe('the way back leads the application to the source', () => {
  test('by what had been written at the hand-over, whatever longhaul.yaml has by now', async () => {
    const ctx = await goingBack([led(), [notes('flag on'), notes('flag off')]]);
    const edited = withHandOver(ctx, [[notes('to a third one'), notes('to a fourth one')]]);
    await executeAll(planLeadingBack(mirrored(edited)));
    expect(written()).toEqual(['flag off', 'to the old one']);
    expect(ctx.state().back?.commands).toEqual(['hand_over.1', 'hand_over.0']);
  });

  test('and undoes nothing that did not run at the hand-over, and nothing that has no opposite', async () => {
    const ctx = await goingBack([[notes('told'), null]]);
    const edited = withHandOver(ctx, [[notes('told'), notes('never')], led()]);
    expect(leadingBack(mirrored(edited))).toEqual([]);
  });

  test('and to the target again where the way back is taken back, by the command of the hand-over', async () => {
    const ctx = await goingBack([led()]);
    const edited = withHandOver(ctx, []);
    await executeAll(planLeadingBack(mirrored(edited)));
    expect((await planBackOut(mirrored(edited))).at(-1)?.text).toContain('echo to the new one');
    await goBack(mirrored(edited), {by: 'ana', reason: 'not today'});
    expect(written()).toEqual(['to the old one', 'to the new one']);
  });

  test('and names the command that is to be run by hand where that has failed', async () => {
    const broken = join(folder, 'broken');
    const ctx = await goingBack([
      [
        ['test', '!', '-e', broken],
        ['touch', broken],
      ],
    ]);
    await executeAll(planLeadingBack(mirrored(ctx)));
    await goBack(mirrored(ctx), {by: 'ana', reason: 'not today'});
    expect(ctx.state().back?.goneBack?.reason).toContain(
      `NOT UNDONE, do it by hand: test '!' -e ${broken} (cutover.hand_over.0: `,
    );
  });

  test('and has what the operator wrote, and what his commands print, as it is: servers are turned round in our words alone', async () => {
    const broken = join(folder, 'on the target');
    const there = ['sh', '-c', 'echo the SOURCE is closed >&2; exit 7', 'moves the target'] as const;
    const ctx = await goingBack([
      [
        ['sh', '-c', `test ! -e "${broken}" || exec "$@"`, 'sh', ...there],
        ['touch', broken],
      ],
    ]);
    const turned = mirrored(ctx);
    await executeAll(planLeadingBack(turned));
    await goBack(turned, {by: 'ana', reason: 'the source is slow'});
    const reason = ctx.state().back?.goneBack?.reason ?? '';
    expect(reason).toContain(`test ! -e "${broken}"`);
    expect(reason).toContain("'moves the target' (cutover.hand_over.0: it ended with 7: the SOURCE is closed)");
    // Our own are turned.
    expect(reason).toMatch(/^the target is slow; /);
  });

  test('and says before anybody is stopped what it cannot undo: no journal keeps a password', async () => {
    const secret: Words = [['true'], ['true', 'postgresql://ops:hunter2@pool/app']];
    const ctx = await goingBack([secret]);
    expect(await readLeadingBack(mirrored(ctx))).toEqual([]);
    const edited = mirrored(withHandOver(ctx, [[['true'], ['false']]]));
    expect(await readLeadingBack(edited)).toMatchObject([
      {
        check: 'cutover.not-led-back',
        severity: 'blocker',
        seen: expect.stringContaining('hand_over.0 cannot be undone'),
      },
    ]);
    await expect(executeAll(planLeadingBack(edited))).rejects.toThrow('hand_over.0 was not undone');
    expect(JSON.stringify(ctx.entries)).not.toContain('hunter2');
  });

  test('and looks first whether the programs for that are there', async () => {
    const ctx = await goingBack([[['true'], ['no-such-program']]]);
    const stopBefore = [{run: ['/no/such/pause'], undo: ['/etc/passwd'], check: null, limitMs: 1}];
    const edited = {...ctx.config.cutover, stopBefore};
    const found = await readLeadingBack(mirrored({...ctx, config: {...ctx.config, cutover: edited}}));
    expect(found.map(({seen}) => seen)).toEqual([
      'run of cutover.stop_before.0 begins with /no/such/pause, which is not there, or may not be executed',
      'undo of cutover.stop_before.0 begins with /etc/passwd, which is not there, or may not be executed',
      'run of cutover.hand_over.0 begins with no-such-program, which is in no folder of PATH',
    ]);
  });

  test('and keeps nobody from writing for it, once the source is being opened: it is told', async () => {
    const ctx = await goingBack([[['true'], ['true', 'postgresql://ops:hunter2@pool/app']]]);
    await ctx.record(OPENING);
    await executeAll(planLeadingBack(mirrored(withHandOver(ctx, []))));
    expect(ctx.entries.at(-1)).toMatchObject({
      type: 'step.progressed',
      step: 'back-hand-over',
      what: expect.stringContaining('hand_over.0 was not undone'),
    });
  });
});
