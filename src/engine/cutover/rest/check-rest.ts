import {formatRelation} from '../../../domain/pg/relation.ts';
import {formatBytes, formatDuration} from '../../../domain/base/units.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {countUnreadableObjects} from '../../../pg/roles/rights.ts';
import {serversOf} from '../../back/mirrored.ts';
import {found, listedOut} from '../../preflight/found.ts';
import {maySetReplicationRole} from '../../preflight/servers/check-target.ts';
import type {StepContext} from '../../step.ts';
import {divideRest, hasBeenBack} from './choose-way.ts';
import {readRestSides, whyNotCopied, type RestSide} from './compare-rest.ts';
import {readTargetAlone} from './copy-objects.ts';
import {restDeadline} from './deadline.ts';
import {estimateRest, foreseenWay, ratesOf, tableMs, type RestEstimate, type RestRates} from './estimate/estimate.ts';
import {measureRest} from './estimate/measure-rest.ts';
import {foreseeWayBack, grantReplicationRole} from './foresee-way-back.ts';
import {describeRest, readRest, type Rest, type RestTable} from './read-rest.ts';

const onTarget = found('cutover', 'target');

/** What copy-the-rest would do now. */
export interface RestForeseen extends RestEstimate {
  readonly findings: readonly Finding[];
  /** False where it is not known how quickly rows are copied, and some will be. */
  readonly isMeasured: boolean;
  /** How long it takes to prove, before the target is opened, that nobody has written a large object since; 0 where there is none. */
  readonly provingMs: number;
}

/** What copy-the-rest would meet, and how long it would take by what is measured now: 0 where change capture carries everything. Reads a few megabytes of each server; what it writes on the target is rolled back. */
export async function foreseeRest(ctx: StepContext): Promise<RestForeseen> {
  const rest = await readRest(ctx);
  const {compared, left} = divideRest(rest.tables, ctx.state(), ctx.isBack);
  const {dialect, sides} = await readRestSides(ctx, compared);
  const hasObjects = rest.objects.source + rest.objects.target > 0;
  const hidden = hasObjects ? await readHiddenObjects(ctx) : {source: 0, target: 0};
  // What our role may not read is no measure, and a blocker.
  const measured = hidden.source + hidden.target === 0 ? rest : {...rest, objects: {source: 0, target: 0}};
  const figures = await measureRest(ctx, {sides, dialect, rest: measured});
  const rates = ratesOf(figures, 'likely');
  const estimate = estimateRest(compared, hasObjects, figures);
  const target = await ctx.session('target');
  const findings = [
    ...judgeRest({
      rest,
      sides,
      left,
      estimate,
      rates,
      limitMs: ctx.config.cutover.copyRestLimitMs,
      mayBeReplica: sides.length === 0 || (await maySetReplicationRole(target)),
      role: serversOf(ctx).target.params['user'] ?? '',
      isBack: ctx.isBack === true,
      hidden,
      alone: hasObjects && ctx.isBack !== true && hasBeenBack(ctx.state()) ? await readAlone(ctx) : 0,
    }),
    ...(await foreseeWayBack(ctx, rest)),
  ];
  const isCopied = compared.some((one) => foreseenWay(one) === 'whole');
  return {...estimate, findings, provingMs: rates.objectsMs, isMeasured: figures.copied.isMeasured || !isCopied};
}

/** Its findings as long as nothing of it stops anything yet. */
export async function warnOfRest(ctx: StepContext): Promise<Finding[]> {
  return (await foreseeRest(ctx)).findings.map((one) =>
    one.severity === 'blocker' ? {...one, severity: 'warning', seen: `the cutover will be refused: ${one.seen}`} : one,
  );
}

async function readHiddenObjects(ctx: StepContext): Promise<RestSeen['hidden']> {
  const count = async (role: 'source' | 'target'): Promise<number> =>
    (await (await ctx.session(role)).one(countUnreadableObjects())).objects;
  return {source: await count('source'), target: await count('target')};
}

async function readAlone(ctx: StepContext): Promise<number> {
  const pair = {source: await ctx.session('source'), target: await ctx.session('target')};
  return (await readTargetAlone(pair, restDeadline(ctx))).length;
}

/** What was seen of what change capture does not carry. */
export interface RestSeen {
  readonly rest: Rest;
  readonly sides: readonly RestSide[];
  readonly left: readonly RestTable[];
  readonly estimate: RestEstimate;
  readonly rates: RestRates;
  readonly limitMs: number;
  readonly mayBeReplica: boolean;
  readonly role: string;
  /** Whether it is the source that is copied to; its words are turned round where they are recorded. */
  readonly isBack: boolean;
  /** Large objects that our role may not read. */
  readonly hidden: {readonly source: number; readonly target: number};
  /** Large objects of the target alone, once production was there. */
  readonly alone: number;
}

/** Some come back with the cutover. */
function hasTriggers({rest}: RestSide): boolean {
  return rest.source.hasTriggers || rest.target?.hasTriggers === true;
}

/** Pure. */
export function judgeRest(seen: RestSeen): Finding[] {
  const {sides, left, mayBeReplica: mayBe, role, isBack} = seen;
  const broken = sides.flatMap((side) => whyNotCopied(side) ?? []);
  // The side that was left refuses all writes by triggers but those of a replica.
  const firing = mayBe ? [] : sides.filter((side) => isBack || hasTriggers(side));
  return [
    ...(broken.length === 0
      ? []
      : [
          onTarget.blocker(
            'rest-tables',
            `these have to be copied again while writes are stopped, and cannot be: ${listedOut(broken)}`,
            `make these tables of the target as they are on the source (columns; row security that lets our role see all rows), and give our role the rights that it lacks there; of unlogged ones cutover.unlogged: no leaves the rows that the target has${orLeaveIt(seen)}`,
          ),
        ]),
    ...(firing.length === 0
      ? []
      : [
          onTarget.blocker(
            'rest-role',
            `these have triggers or foreign keys there, which would fire while they are copied again: ${listedOut(firing.map(({rest}) => formatRelation(rest.table)))}`,
            `${grantReplicationRole('target', role)}${orLeaveIt(seen)}`,
          ),
        ]),
    ...aboutHidden(seen),
    ...aboutAlone(seen),
    ...aboutTime(seen),
    ...aboutWhat(seen),
    ...(left.length === 0
      ? []
      : [
          onTarget.note(
            'rest-left',
            `these have no replica identity, and the source counts no update and no delete in them since P: the last comparison reads them, after the hand-over where they are too large (cutover.compare_for): ${listedOut(left.map(({table, source}) => `${formatRelation(table)} ${formatBytes(source.bytes)}`))}`,
          ),
        ]),
  ];
}

/** Whoever has to go back is kept from it by nothing of this. */
function orLeaveIt({isBack}: Pick<RestSeen, 'isBack'>): string {
  return isBack ? '; or go back without these: cutover.copy_rest_back: no' : '';
}

function aboutHidden({hidden, isBack}: RestSeen): Finding[] {
  return (['source', 'target'] as const).flatMap((on) =>
    hidden[on] === 0
      ? []
      : [
          found('cutover', on).blocker(
            'rest-objects',
            `our role may not read ${hidden[on]} large objects: whether they are the same is not known`,
            on === (isBack ? 'target' : 'source')
              ? 'run examples/grants/source.sql as a superuser (lo_compat_privileges), or set cutover.large_objects to no'
              : "make Longhaul's role there a member of their owners, or set cutover.large_objects to no",
          ),
        ],
  );
}

function aboutAlone({alone}: RestSeen): Finding[] {
  if (alone === 0) return [];
  return [
    onTarget.blocker(
      'rest-objects',
      `${alone} large objects are on the target alone, made there while production was on it or removed from the source since: the cutover would remove them`,
      'bring those that are still wanted to the source (lo_export, lo_import with their numbers) and remove the others on the target (lo_unlink), or set cutover.large_objects to no',
    ),
  ];
}

function aboutTime({sides, rates, estimate: {ms}, limitMs, isBack}: RestSeen): Finding[] {
  if (ms <= limitMs) return [];
  const slowest = sides
    .map(({rest}) => ({rest, ms: tableMs(rest, rates)}))
    .toSorted((a, b) => b.ms - a.ms)
    .map((one) => `${describeRest(one.rest)} ${formatBytes(one.rest.source.bytes)}, ${inSeconds(one.ms)}`);
  const objectsMs = rates.objectsMs + rates.changedMs;
  const objects = objectsMs > limitMs / 10 ? [`large objects, ${inSeconds(objectsMs)}`] : [];
  return [
    found('cutover', 'source').blocker(
      'rest-time',
      `what change capture does not carry would take about ${inSeconds(ms)} while writes are stopped, more than cutover.copy_rest_limit, ${formatDuration(limitMs)}: ${listedOut([...objects, ...slowest])}`,
      isBack
        ? `raise cutover.copy_rest_limit and stop writes for as long${orLeaveIt({isBack})}`
        : 'days before: have nobody update or delete in these tables, remove old rows from them, or give them a primary key before a new load (longhaul release, then longhaul run); set cutover.large_objects to numbers where no large object is ever changed, and cutover.unlogged to no where their rows are made anew; or raise cutover.copy_rest_limit and stop writes for as long',
    ),
  ];
}

function aboutWhat({rest, sides, estimate}: RestSeen): Finding[] {
  const {source, target} = rest.objects;
  const tables = sides.map((side) => describeRest(side.rest));
  const objects = source + target === 0 ? [] : [`${source} large objects`];
  if (tables.length + objects.length === 0) return [];
  return [
    onTarget.note(
      'rest',
      `while writes are stopped these are compared, and copied again where they differ, in about ${inSeconds(estimate.ms)} (${inSeconds(estimate.lowMs)} to ${inSeconds(estimate.highMs)}): ${listedOut([...objects, ...tables])}`,
    ),
  ];
}

/** `0.4 s`, `75 s`. */
function inSeconds(ms: number): string {
  return `${ms < 10_000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`;
}
