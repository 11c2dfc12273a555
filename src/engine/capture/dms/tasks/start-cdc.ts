import type {ReplicationTask} from '@aws-sdk/client-database-migration-service';
import type {Lsn} from '../../../../domain/pg/lsn.ts';
import type {PlannedSlot} from '../../../../domain/pg/slot-plan.ts';
import {claimedTasks, taskObject} from '../../../../domain/run/claimed.ts';
import type {Evidence} from '../../../../domain/run/evidence/step-evidence.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {readPrimaryPosition, readSlots} from '../../../../pg/replication/slots.ts';
import type {Action} from '../../../action.ts';
import {claimFirst} from '../../../claim-first.ts';
import {readInventoryFile} from '../../../inventory/inventory-file.ts';
import {executeAll} from '../../../make-action.ts';
import {readPlan} from '../../../plan/plan-file.ts';
import type {Step, StepContext} from '../../../step.ts';
import {judgeLost} from '../../native/judge-start.ts';
import {planSentinel} from '../../native/native-slots.ts';
import {callAction, type Call} from '../api/call-action.ts';
import {createTask, startTask} from '../wanted/calls.ts';
import {withDms} from '../api/client.ts';
import {judgeBegun, judgeGone, judgeStart} from '../judge/judge-start.ts';
import {judgeEndpoints, judgeTask} from '../judge/judge-tasks.ts';
import {ofRun, readEndpoints, readTasks, type Endpoints} from '../api/read-tasks.ts';
import {planRemoval} from './removal.ts';
import {READY_MS, startOne, waitFor} from './start-one.ts';
import {filesFolder, planTaskFiles} from './write-files.ts';

/** Makes a task for every slot and starts it at exactly P; or writes the calls that do, and waits until somebody has. */
export const startTasks: Step<'start-cdc'> = {
  id: 'start-cdc',
  phase: 'cdc',
  title: 'start the tasks of DMS at P',
  why: 'what was written after P is in the slots alone; a task that begins anywhere else loses commits or applies them twice',
  source: 'facts/dms.md; runbook, step 17',
  confirm: 'typed',

  async check(ctx) {
    const {cdcStarted, evidence: known, capture} = ctx.state();
    if (capture.sourceLost !== null) return {done: null, findings: [judgeLost(capture.sourceLost)]};
    const {slots} = (await readPlan(ctx)).slots;
    const isBegun = cdcStarted !== null && known['start-cdc'] !== undefined;
    if (ofRun(ctx.config).dms.mode === 'files')
      return isBegun
        ? {done: await evidence(ctx), findings: []}
        : {done: null, findings: cdcStarted === null ? await judgeStart(ctx, slots) : []};
    const seen = await readAll(ctx, slots);
    if (isBegun) {
      const gone = slots.filter(({name}) => !seen.tasks.has(name)).map(({name}) => judgeGone(ctx, name));
      return gone.length > 0 ? {done: null, findings: gone} : {done: await evidence(ctx), findings: []};
    }
    return {
      done: null,
      findings: [
        ...judgeBegun(seen.tasks, ctx.state()),
        ...judgeNamed(ctx, seen.tasks),
        ...(await judgeThere(ctx, slots, seen)),
        ...(cdcStarted === null ? await judgeStart(ctx, slots) : []),
      ],
    };
  },

  plan: planStart,

  async run(ctx) {
    await executeAll(await planStart(ctx));
    return evidence(ctx);
  },

  async undo(ctx) {
    await executeAll(await planRemoval(ctx));
    return {endedTasks: claimedTasks(ctx.state().claimed)};
  },
};

interface Seen {
  readonly endpoints: Endpoints;
  readonly tasks: ReadonlyMap<string, ReplicationTask>;
}

async function readAll(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Seen> {
  const of = ofRun(ctx.config);
  const names = slots.map(({name}) => name);
  return withDms(of.dms, async (client) => ({
    endpoints: await readEndpoints(client, of, names),
    tasks: await readTasks(client, of, {slots: names, withSettings: true}),
  }));
}

/** Tasks that longhaul.yaml names and that are not there are made by nobody. */
function judgeNamed({config}: StepContext, tasks: ReadonlyMap<string, ReplicationTask>): Finding[] {
  return Object.entries(ofRun(config).dms.tasks)
    .filter(([slot]) => !tasks.has(slot))
    .map(([slot, arn]) => ({
      check: 'start-cdc.task-gone',
      severity: 'blocker',
      subject: taskObject(slot),
      seen: `longhaul.yaml names ${arn}, and DMS has none with this ARN in this region`,
      remedy: 'write another one, or none, so that Longhaul makes it: cdc.dms.tasks in longhaul.yaml',
    }));
}

/** Tasks and endpoints that are there are judged whoever has made them: somebody may have changed them since. */
async function judgeThere(
  ctx: StepContext,
  slots: readonly PlannedSlot[],
  {endpoints, tasks}: Seen,
): Promise<Finding[]> {
  const inventory = await readInventoryFile(ctx);
  return [
    ...judgeEndpoints('start-cdc', endpoints),
    ...slots.flatMap((slot) => {
      const task = tasks.get(slot.name);
      return task === undefined ? [] : judgeTask('start-cdc', task, {slot, inventory, endpoints});
    }),
  ];
}

async function planStart(ctx: StepContext): Promise<readonly Action[]> {
  const {boundary, cdcStarted} = ctx.state();
  if (boundary === null) return [];
  const of = ofRun(ctx.config);
  const {slots} = (await readPlan(ctx)).slots;
  const from = {...of, servers: ctx.config.servers};
  const inventory = await readInventoryFile(ctx);
  const noted = cdcStarted === null ? [noting(ctx, slots)] : [];
  if (of.dms.mode === 'files') {
    const files = planTaskFiles(ctx, from, {slots, inventory, boundary: boundary.lsn});
    const objects = slots.map(({name}) => taskObject(name));
    const written = files.map((file) => claimFirst(ctx, objects, file));
    return [await planSentinel(ctx), ...written, ...noted, waiting(ctx, slots)];
  }
  const {endpoints, tasks} = await readAll(ctx, slots);
  return [
    await planSentinel(ctx),
    ...slots
      .filter(({name}) => !tasks.has(name))
      .map((slot) => creating(ctx, {slot, slots, endpoints, P: boundary.lsn})),
    ...slots.flatMap(({name}) => placing(ctx, tasks.get(name), {slot: name, P: boundary.lsn})),
    ...noted,
    ...slots.map(({name}) => starting(ctx, {slot: name, task: tasks.get(name), P: boundary.lsn})),
  ];
}

function objectsOf(slots: readonly PlannedSlot[]): string[] {
  return slots.map(({name}) => taskObject(name));
}

function creating(
  ctx: StepContext,
  {slot, slots, endpoints, P}: {slot: PlannedSlot; slots: readonly PlannedSlot[]; endpoints: Endpoints; P: Lsn},
): Action {
  const of = ofRun(ctx.config);
  const arns = {
    source: endpoints.sources.get(slot.name)?.EndpointArn ?? '',
    target: endpoints.target?.EndpointArn ?? '',
  };
  const requestOf = async () =>
    createTask(of, {slot, inventory: await readInventoryFile(ctx), endpoints: arns, boundary: P});
  const call: Call = {
    command: 'create-replication-task',
    request: {ReplicationTaskIdentifier: slot.name, CdcStartPosition: P},
  };
  return claimFirst(
    ctx,
    objectsOf(slots),
    callAction(of, call, async (client) => void (await client.createReplicationTask(await requestOf()))),
  );
}

/** A task of somebody else's that is to begin elsewhere is set to P; nothing where it is so. */
function placing(
  ctx: StepContext,
  task: ReplicationTask | undefined,
  {slot, P}: {readonly slot: string; readonly P: Lsn},
): Action[] {
  if (task?.Status !== 'ready' || task.CdcStartPosition === P) return [];
  const request = {ReplicationTaskArn: task.ReplicationTaskArn, CdcStartPosition: P};
  return [
    callAction(ofRun(ctx.config), {command: 'modify-replication-task', request}, async (client) => {
      await client.modifyReplicationTask(request);
      await waitFor(ctx, client, {slot, isThere: ({Status}) => Status === 'ready', limitMs: READY_MS});
    }),
  ];
}

/** Before the first is started: from then on the slots move past P, and are meant to. */
function noting(ctx: StepContext, slots: readonly PlannedSlot[]): Action {
  return {
    on: 'jump box',
    text: 'note in the journal: change capture begins at P',
    execute: async () => {
      const {boundary, claimed} = ctx.state();
      const objects = objectsOf(slots);
      if (!objects.every((object) => claimed.includes(object))) await ctx.record({type: 'objects.claimed', objects});
      await ctx.record({
        type: 'cdc.started',
        by: 'start-cdc',
        evidence: {boundary: boundary?.lsn ?? null, tasks: slots.map(({name}) => name)},
      });
    },
  };
}

function starting(
  ctx: StepContext,
  {slot, task, P}: {readonly slot: string; readonly task: ReplicationTask | undefined; readonly P: Lsn},
): Action {
  const of = ofRun(ctx.config);
  const call: Call = {command: 'start-replication-task', request: startTask(task?.ReplicationTaskArn ?? slot, P)};
  return callAction(of, call, async (client) => startOne(ctx, client, {slot, P}));
}

/** Nobody calls AWS here: that somebody has started the tasks is seen by their slots. */
function waiting(ctx: StepContext, slots: readonly PlannedSlot[]): Action {
  const folder = filesFolder(ctx);
  return {
    on: 'source',
    text: `/* waits until every slot is read: run SLOT.sh of each in ${folder} where aws may call DMS */`,
    execute: async () => {
      for (;;) {
        const source = await ctx.session('source');
        const active = (await source.run(readSlots(source.version)))
          .filter((slot) => slot.active)
          .map(({name}) => name);
        const unread = slots.filter(({name}) => !active.includes(name));
        if (unread.length === 0) return;
        await ctx.record({
          type: 'step.progressed',
          step: 'start-cdc',
          done: slots.length - unread.length,
          total: slots.length,
          what: `nobody reads ${unread.map(({name}) => name).join(', ')} yet: run ${unread[0]?.name}.sh in ${folder} where aws may call DMS`,
        });
        await ctx.sleep(FILES_MS);
      }
    },
  };
}

const FILES_MS = 2000;

async function evidence(ctx: StepContext): Promise<Evidence<'start-cdc'>> {
  const source = await ctx.session('source');
  const {clock} = await source.one(readPrimaryPosition(source.version));
  const {boundary} = ctx.state();
  if (boundary === null) throw new Error('bug: change capture was started without a P');
  const {slots} = (await readPlan(ctx)).slots;
  return {boundary: boundary.lsn, subscriptions: [], tasks: slots.map(({name}) => name), clock};
}
