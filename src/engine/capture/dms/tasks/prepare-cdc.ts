import type {Evidence} from '../../../../domain/run/evidence/step-evidence.ts';
import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {claimedEndpoints, claimedTasks, endpointObject} from '../../../../domain/run/claimed.ts';
import {formatRelation, sameRelation} from '../../../../domain/pg/relation.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {sentinelTable} from '../../../../pg/capture/sentinels.ts';
import {readPrimaryPosition} from '../../../../pg/replication/slots.ts';
import type {Action} from '../../../action.ts';
import {claimFirst} from '../../../claim-first.ts';
import {executeAll} from '../../../make-action.ts';
import {readPlan} from '../../../plan/plan-file.ts';
import {checkAfterLoad} from '../../../run/needs.ts';
import type {Step, StepContext} from '../../../step.ts';
import {planSentinel} from '../../native/native-slots.ts';
import {callAction, commandLine, type Call} from '../api/call-action.ts';
import {createSourceEndpoint, createTargetEndpoint} from '../wanted/calls.ts';
import {withDms, type DmsClient} from '../api/client.ts';
import {judgeEndpoints} from '../judge/judge-tasks.ts';
import {sourceEndpointName, targetEndpointName} from '../wanted/names.ts';
import {poll} from '../api/poll.ts';
import {ofRun, readConnection, readEndpoints, type Endpoints} from '../api/read-tasks.ts';
import {planEndpointFiles, planRemovalFile, shellRemoval} from './write-files.ts';

/** Makes the endpoints of DMS and tries them, before anything rests on them; and writes the first sentinel, behind the tables. */
export const prepareTasks: Step<'prepare-cdc'> = {
  id: 'prepare-cdc',
  phase: 'anchor',
  title: 'make the endpoints of DMS and test them',
  why: 'an endpoint that does not connect is found here, and not after a load of days, with slots that fill the disk meanwhile',
  source: 'facts/dms.md; runbook, step 4',
  confirm: 'no',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const known = ctx.state().evidence['prepare-cdc'];
    const {findings: found, isWhole} = await readState(ctx);
    const findings = [...found, ...(await judgeSentinels(ctx))];
    const {endpoints, sentinelLsn, clock} = known ?? {};
    if (!isWhole || endpoints === undefined || sentinelLsn === undefined || clock === undefined)
      return {done: null, findings};
    return {done: {endpoints, sentinelLsn, clock}, findings};
  },

  plan: planPrepare,

  async run(ctx) {
    await executeAll(await planPrepare(ctx));
    return evidence(ctx);
  },

  async undo(ctx) {
    const names = claimedEndpoints(ctx.state().claimed);
    if (ctx.config.cdc.dms?.mode === 'files' && ctx.state().evidence['prepare-cdc'] !== undefined)
      return {deletedEndpoints: [], endpointsToDelete: await leaveRemoval(ctx)};
    if (names.length === 0) return {deletedEndpoints: []};
    const of = ofRun(ctx.config);
    const deleted = await withDms(of.dms, async (client) => {
      const all = await readEndpoints(
        client,
        {...of, dms: {...of.dms, sourceEndpoints: {}, targetEndpoint: null}},
        await slotsOf(ctx),
      );
      const ours = [...all.sources.values(), ...(all.target === null ? [] : [all.target])].filter(
        ({EndpointIdentifier}) => names.includes(EndpointIdentifier ?? ''),
      );
      for (const {EndpointArn} of ours) await client.deleteEndpoint({EndpointArn});
      return ours.map(({EndpointIdentifier}) => EndpointIdentifier ?? '');
    });
    return {deletedEndpoints: deleted};
  },
};

/** Nobody knows whether the endpoints were made: the commands that take them back are there for whoever has. */
async function leaveRemoval(ctx: StepContext): Promise<string> {
  const tasks = claimedTasks(ctx.state().claimed);
  await executeAll(planRemovalFile(ctx, ofRun(ctx.config), {tasks, endpoints: await slotsOf(ctx)}));
  return `by whoever may call DMS: ${shellRemoval(ctx)}`;
}

async function slotsOf(ctx: StepContext): Promise<string[]> {
  return (await readPlan(ctx)).slots.slots.map(({name}) => name);
}

/** A sentinel that goes through another slot would tell of that one. */
async function judgeSentinels(ctx: StepContext): Promise<Finding[]> {
  return (await readPlan(ctx)).slots.slots
    .filter(({name, tables}) => !tables.some((table) => sameRelation(table, sentinelTable(name))))
    .map(({name}) => ({
      check: 'prepare-cdc.sentinel',
      severity: 'blocker',
      subject: `slot ${name}`,
      seen: `its sentinel, ${formatRelation(sentinelTable(name))}, is not among its tables`,
      remedy: 'put it there in plan.yaml; or make the plan anew: longhaul plan --fresh',
    }));
}

async function readState(ctx: StepContext): Promise<{findings: Finding[]; isWhole: boolean}> {
  const of = ofRun(ctx.config);
  if (of.dms.mode === 'files') return {findings: [], isWhole: true};
  const slots = await slotsOf(ctx);
  return withDms(of.dms, async (client) => {
    const endpoints = await readEndpoints(client, of, slots);
    const all = arnsOf(endpoints);
    const connections = await Promise.all(all.map(async (arn) => readConnection(client, of.dms, arn)));
    const isTested = connections.every((one) => one?.Status === 'successful');
    return {
      findings: [...judgeMissing(ctx, endpoints), ...judgeEndpoints('prepare-cdc', endpoints)],
      isWhole: all.length === slots.length + 1 && isTested,
    };
  });
}

function arnsOf({target, sources}: Endpoints): string[] {
  return [...sources.values(), ...(target === null ? [] : [target])].map(({EndpointArn}) => EndpointArn ?? '');
}

/** Endpoints that longhaul.yaml names and that are not there are made by nobody. */
function judgeMissing({config}: StepContext, {target, sources}: Endpoints): Finding[] {
  const {dms} = ofRun(config);
  const missing = [
    ...Object.entries(dms.sourceEndpoints)
      .filter(([slot]) => !sources.has(slot))
      .map(([, arn]) => arn),
    ...(dms.targetEndpoint !== null && target === null ? [dms.targetEndpoint] : []),
  ];
  return missing.map((arn) => ({
    check: 'prepare-cdc.endpoint-gone',
    severity: 'blocker',
    subject: `endpoint ${arn}`,
    seen: 'longhaul.yaml names it, and DMS has none with this ARN in this region',
    remedy: 'write another one, or none, so that Longhaul makes it: cdc.dms in longhaul.yaml',
  }));
}

async function planPrepare(ctx: StepContext): Promise<readonly Action[]> {
  const of = ofRun(ctx.config);
  const slots = await slotsOf(ctx);
  const from = {...of, servers: ctx.config.servers};
  const sentinel = await planSentinel(ctx);
  if (of.dms.mode === 'files') return [...planEndpointFiles(ctx, from, slots), sentinel];
  const there = await withDms(of.dms, async (client) => readEndpoints(client, of, slots));
  const calls = [
    ...slots.filter((slot) => !there.sources.has(slot)).map((slot) => createSourceEndpoint(from, slot)),
    ...(there.target === null ? [createTargetEndpoint(from)] : []),
  ];
  const objects = calls.map(({EndpointIdentifier}) => endpointObject(EndpointIdentifier ?? ''));
  const creates = calls.map((request) =>
    claimFirst(
      ctx,
      objects,
      callAction(
        of,
        {command: 'create-endpoint', request},
        async (client) => void (await client.createEndpoint(request)),
      ),
    ),
  );
  const names = [...slots.map((slot) => nameOf(ctx, slot)), nameOf(ctx, null)];
  return [...creates, ...names.map((name) => planTest(ctx, name, slots)), sentinel];
}

/** Which endpoint, for people: its ARN where longhaul.yaml has it, else the name that Longhaul gives. `slot`: null for the target's. */
function nameOf({config}: StepContext, slot: string | null): string {
  const {run, dms} = ofRun(config);
  if (slot === null) return dms.targetEndpoint ?? targetEndpointName(run);
  return dms.sourceEndpoints[slot] ?? sourceEndpointName(run, slot);
}

const TEST_MS = 300_000;

/** Tests an endpoint's connection from the replication instance. */
function planTest(ctx: StepContext, name: string, slots: readonly string[]): Action {
  const of = ofRun(ctx.config);
  const call: Call = {
    command: 'test-connection',
    request: {ReplicationInstanceArn: of.dms.instance, EndpointArn: name},
  };
  return {
    on: 'jump box',
    text: commandLine(of, call),
    execute: async () => withDms(of.dms, async (client) => test(ctx, client, {name, slots})),
  };
}

async function test(
  ctx: StepContext,
  client: DmsClient,
  {name, slots}: {readonly name: string; readonly slots: readonly string[]},
): Promise<void> {
  const of = ofRun(ctx.config);
  const {sources, target} = await readEndpoints(client, of, slots);
  const endpoint = [...sources.values(), ...(target === null ? [] : [target])].find(
    (one) => one.EndpointArn === name || one.EndpointIdentifier === name,
  );
  const arn = endpoint?.EndpointArn ?? name;
  await client.testConnection({ReplicationInstanceArn: of.dms.instance, EndpointArn: arn});
  const tested = await poll(ctx, TEST_MS, async () => {
    const connection = await readConnection(client, of.dms, arn);
    return connection === null || connection.Status === 'testing' ? null : connection;
  });
  if (tested?.Status === 'successful') return;
  throw new LonghaulError({
    code: 'failed',
    message: `endpoint ${name} cannot be connected to from the replication instance: ${tested?.LastFailureMessage ?? `no answer after ${TEST_MS / 1000} s`}`,
    remedy:
      'see the secret (host, port, username, password), the role that reads it, security groups and pg_hba.conf for the address of the replication instance; then longhaul run',
  });
}

async function evidence(ctx: StepContext): Promise<Evidence<'prepare-cdc'>> {
  const source = await ctx.session('source');
  const {insertLsn, clock} = await source.one(readPrimaryPosition(source.version));
  const names = [...(await slotsOf(ctx)).map((slot) => nameOf(ctx, slot)), nameOf(ctx, null)];
  return {endpoints: names, sentinelLsn: insertLsn, clock};
}
