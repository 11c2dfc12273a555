import {describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {Config} from '../../../src/config/config.ts';
import {planReverseRemoval} from '../../../src/engine/capture/native/reverse/removal.ts';
import {planReverseRemoval as planPglogicalRemoval} from '../../../src/engine/capture/pglogical/reverse/removal.ts';
import {abortWords, planAbort} from '../../../src/engine/exit/abort.ts';
import {executeAll} from '../../../src/engine/make-action.ts';
import {stepsToUndo} from '../../../src/engine/runbook.ts';
import type {Step, StepContext} from '../../../src/engine/step.ts';
import {pauseReplay} from '../../../src/engine/steps/boundary/pause-replay.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import type {Statement} from '../../../src/pg/session/statement.ts';
import {answeringSession, contextOf, stepOf} from '../../support/stepping.ts';

const undoing = (id: Step['id'], undone: string[], fails = false): Step =>
  stepOf({
    id,
    undo: async () => {
      undone.push(id);
      if (fails) throw new LonghaulError({code: 'unreachable', message: `${id} is away`, remedy: 'wait'});
      return {did: id};
    },
  });

/** As pglogical says of a subscription that is not there. */
const hasNone = async ({text}: Statement): Promise<[]> => {
  if (/alter_subscription_disable/.test(text)) throw new Error('subscriber r_lh_01 not found');
  return [];
};

const undoneWith = (engine: 'dms' | 'none', claimed: readonly string[]): string[] =>
  stepsToUndo(
    {
      cdc: {engine},
    },
    {claimed},
  )
    .filter((step) => step.undo !== undefined)
    .map(({id}) => id);

/** A replica that says of itself what `position` says, and notes what it is asked to do. */
const replicaAt = (position: {inRecovery: boolean; paused: boolean}, did: string[]): Session =>
  ({
    version: 160_000,
    one: async () => position,
    run: async ({text}: {text: string}) => {
      did.push(text);
      return [];
    },
  }) as unknown as Session;

/** Sessions of a run one of whose servers is away; the other has the subscriptions that are asked for, and notes what it is told. */
const awayFrom =
  (away: string, did: string[]) =>
  async (role: string): Promise<Session> => {
    if (role === away) throw new LonghaulError({code: 'unreachable', message: `the ${role} is away`, remedy: 'wait'});
    return {
      version: 160_000,
      run: async ({text}: {text: string}) => {
        did.push(text.trim());
        return text.includes('pg_subscription') ? [{name: 'r_lh_01'}] : [];
      },
    } as unknown as Session;
  };

const abort = async (ctx: StepContext, steps: readonly Step[]) => (await planAbort(ctx, steps, 'ana')).carryOut();

describe('giving a run up', () => {
  test('takes the steps back from the last to the first, and forgets the run', async () => {
    const undone: string[] = [];
    const ctx = contextOf('typed', {type: 'objects.claimed', objects: ['slot a']});
    const steps = [undoing('create-slots', undone), stepOf({id: 'add-tables'}), undoing('pause-replay', undone)];
    const report = await abort(ctx, steps);
    expect(undone).toEqual(['pause-replay', 'create-slots']);
    expect(report).toEqual({
      undone: {'create-slots': {did: 'create-slots'}, 'pause-replay': {did: 'pause-replay'}},
      failed: {},
    });
    expect(ctx.entries.at(-1)).toMatchObject({type: 'run.aborted', by: 'ana'});
  });

  test('shows what of a cutover under way it takes back, the operator’s commands among it', async () => {
    const known = contextOf(
      'typed',
      {type: 'cutover.begun', by: 'ana', steps: ['stop-writes']},
      {
        type: 'cutover.command',
        command: 'stop_before.0',
        moment: 'started',
        output: '',
        undo: {words: ['pgbouncerctl', 'resume'], limitMs: 5_000, masked: false},
      },
    );
    const cutover = {stopBefore: [], stopAfter: [], handOver: [], opened: []};
    const ctx = {...known, config: {...known.config, servers: {}, cutover} as unknown as Config};
    const {actions} = await planAbort(ctx, [undoing('stop-writes', [])], 'ana');
    expect(actions.map(({text}) => text)).toEqual(['ROLLBACK', 'pgbouncerctl resume']);
  });

  test('says that the source refuses writes for as long as the cutover could not be taken back', () => {
    const reply = abortWords({undone: {}, failed: {'stop-writes': 'source: no route (see the net)'}}, 'acme');
    expect(reply).toMatchObject({ok: false, remedy: expect.stringContaining('the source refuses writes')});
  });

  test('tells what of the cutover was not undone, and is no success then', () => {
    const undone = {'stop-writes': {writesAllowed: true, notUndone: 'cutover.stop_before.0 was NOT UNDONE'}};
    const reply = abortWords({undone, failed: {}}, 'acme');
    expect(reply).toMatchObject({ok: false, message: expect.stringContaining('stop_before.0 was NOT UNDONE')});
  });

  test('goes on where one server is away, says so, and keeps what it claimed for the next try', async () => {
    const undone: string[] = [];
    const ctx = contextOf('typed', {type: 'objects.claimed', objects: ['slot a']});
    const steps = [undoing('create-slots', undone), undoing('pause-replay', undone, true)];
    const report = await abort(ctx, steps);
    expect(undone).toEqual(['pause-replay', 'create-slots']);
    expect(report.failed).toEqual({'pause-replay': 'pause-replay is away (wait)'});
    expect(ctx.recorded()).not.toContain('run.aborted');
    expect(ctx.state().claimed).toEqual(['slot a']);
  });

  test('goes on though it cannot tell beforehand what of a step is to go, for a server is away', async () => {
    const undone: string[] = [];
    const known = contextOf('typed', {type: 'objects.claimed', objects: ['slot a', 'back-subscription r_lh_01']});
    const config = {...known.config, cdc: {engine: 'native'}, cutover: {reverse: true}} as unknown as Config;
    const ctx = {...known, config, session: awayFrom('source', [])};
    const report = await abort(ctx, [undoing('create-slots', undone), undoing('prepare-reverse', undone)]);
    expect(undone).toEqual(['prepare-reverse', 'create-slots']);
    expect(report.failed).toEqual({});
  });

  test('takes the way back off a source whose target is gone: nothing of it is left on production', async () => {
    const did: string[] = [];
    const objects = ['back-subscription r_lh_01', 'back-slot r_lh_01', 'back-sentinel r_lh_01'];
    const ctx = {...contextOf('typed', {type: 'objects.claimed', objects}), session: awayFrom('target', did)};
    await expect(planReverseRemoval(ctx).then(executeAll)).rejects.toThrow('target is away');
    const made = did.filter((text) => /^(?:DROP|ALTER)/.test(text)).join('; ');
    expect(made).toMatch(/DROP SUBSCRIPTION .*r_lh_01/);
    expect(made).toMatch(/DROP TABLE IF EXISTS .*r_lh_01/);
  });

  test('takes off what is left of a way back whose subscriptions an earlier try has dropped, for its target was away', async () => {
    const objects = ['back-pglogical-subscription r_lh_01', 'back-slot pgl_x', 'back-sentinel r_lh_01'];
    const ctx = {
      ...contextOf('typed', {type: 'objects.claimed', objects}),
      session: async () => ({...answeringSession(), run: hasNone}) as unknown as Session,
    };
    await executeAll(await planPglogicalRemoval(ctx));
    expect(ctx.state().claimed).toEqual([]);
  });

  test('says that slots hold WAL only where some are left: of a target that is away they may be gone all the same', () => {
    const failed = {'prepare-cdc': 'the target is away (wait)'};
    expect(abortWords({undone: {}, failed, slotsLeft: true}, 'acme')).toMatchObject({
      remedy: expect.stringContaining('until then the slots hold WAL'),
    });
    expect(abortWords({undone: {}, failed, slotsLeft: false}, 'acme')).toMatchObject({
      remedy: expect.stringContaining('no slot of this run holds WAL on the primary'),
    });
  });

  test('takes back all that a run makes on production: slots, node, sets, and the pause', () => {
    expect(undoneWith('dms', [])).toEqual(['create-slots', 'create-node', 'create-replication-sets', 'pause-replay']);
    expect(undoneWith('none', [])).toEqual(['pause-replay']);
  });

  test('takes back what another engine has made in this run, when longhaul.yaml has none by now', () => {
    expect(undoneWith('none', ['slot dms_slot_01'])).toEqual(undoneWith('dms', []));
  });

  test('shows beforehand what it takes back, as it is executed: from the journal, with no server asked', async () => {
    const undone: string[] = [];
    const objects = ['slot dms_slot_01', 'slot odd"name', 'set idms_slot_01', 'node longhaul'];
    const ctx = contextOf('typed', {type: 'objects.claimed', objects});
    const steps = [
      undoing('create-slots', undone),
      undoing('create-node', undone),
      undoing('create-replication-sets', undone),
      undoing('pause-replay', undone),
    ];
    const {actions} = await planAbort(ctx, steps, 'ana');
    expect(actions.map(({on, text}) => `${on}: ${text}`)).toEqual([
      "source: SELECT pglogical.drop_replication_set(set_name := 'idms_slot_01', ifexists := true)",
      "source: SELECT pglogical.drop_node(node_name := 'longhaul', ifexists := true)",
      "source: SELECT pg_drop_replication_slot('dms_slot_01')",
      "source: SELECT pg_drop_replication_slot('odd\"name')",
    ]);
    // Both slots go with the one undo, once.
    for (const action of actions.slice(2)) await action.execute();
    expect(undone).toEqual(['create-slots']);
  });

  test.each([
    ['takes back a pause that was asked for and has not come yet', {inRecovery: true, paused: false}, true],
    ['asks a replica that was promoted for nothing', {inRecovery: false, paused: false}, false],
  ])('%s', async (_, position, resumes) => {
    const did: string[] = [];
    const ctx = {
      ...contextOf('never', {type: 'replay.paused', by: 'run'}),
      session: async () => replicaAt(position, did),
    };
    expect(await pauseReplay.undo?.(ctx)).toEqual({resumedReplay: resumes});
    expect(did).toEqual(resumes ? ['SELECT pg_wal_replay_resume()'] : []);
    expect(ctx.state().replayPaused).toBe(!resumes);
  });

  test('asks no replica where the run has paused none', async () => {
    expect(await pauseReplay.undo?.(contextOf('never'))).toEqual({resumedReplay: false});
  });
});
