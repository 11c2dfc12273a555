import {clientWords} from '../../domain/run/cutover/visitors.ts';
import type {Finding} from '../../domain/run/finding.ts';
import {whyNotWhole} from '../../domain/run/capture/capture-state.ts';
import {formatRelation, type RelationName} from '../../domain/pg/relation.ts';
import {whyNoCutover} from '../../domain/rules/cutover.ts';
import {readBeyondReach, readReach} from '../../pg/cutover/clients.ts';
import {readUnlockable} from '../../pg/cutover/fence.ts';
import {readMaintainers} from '../../pg/replication/blockers.ts';
import {readNotOurs} from '../../pg/cutover/shut.ts';
import {readRolesThatWrite} from '../../pg/cutover/read-only.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import {reverseOf} from '../back/reverse-of.ts';
import {engineOf} from '../capture/engines.ts';
import {judgeLeftOver, readLeftOver} from '../capture/guard/left-over.ts';
import {readJournal} from '../run/journal.ts';
import {listedOut} from '../preflight/found.ts';
import type {StepContext} from '../step.ts';
import {allCommands} from './commands/operator-commands.ts';
import {readPrograms} from './commands/programs.ts';
import {readFencedTables} from './moved-tables.ts';
import {ownSessions, stopsItself, writersOf} from './quiet.ts';
import {readTablesAhead} from './final/written-since.ts';
import {foreseeRest} from './rest/check-rest.ts';
import {estimateParts, type Estimated} from './rehearsal/estimate.ts';
import {isHeld, readHeldOnTarget} from './rehearsal/held-on-target.ts';
import {tryLogins} from './rehearsal/logins.ts';
import {judgeTooLarge} from './rehearsal/measure-comparison.ts';
import {measureParts} from './rehearsal/measure-parts.ts';
import {measuredParts} from './rehearsal/measured-parts.ts';
import {readReplicationRole} from './rehearsal/replication-role.ts';
import {readToKnow} from './rehearsal/to-know.ts';
import {readUnfinishedFindings} from './rehearsal/unfinished.ts';
import {readBehind} from './wait-for-capture.ts';

/** What a cutover would meet now. */
export interface Rehearsal {
  readonly findings: readonly Finding[];
  /** Null where somebody keeps tables of the target locked, as the findings say: what is there cannot be read. */
  readonly parts: readonly Estimated[] | null;
}

const LOCKED: ReadonlySet<string | null> = new Set([SQLSTATE.lockNotAvailable, SQLSTATE.queryCanceled]);

/** Reads both servers and logs in as the application will, changes nothing: what is only tried is rolled back. */
export async function rehearse(ctx: StepContext): Promise<Rehearsal> {
  const own = [...(await readFindings(ctx)), ...(await readForwardFindings(ctx)), ...judgeRun(ctx)];
  try {
    const rest = await foreseeRest(ctx);
    const turning = (await reverseOf(ctx)?.checkStart?.(ctx)) ?? [];
    const ahead = await readTablesAhead(ctx);
    const known = [...(await readToKnow(ctx)), ...judgeTooLarge(ahead, ctx.config.cutover)];
    const findings = [...own, ...rest.findings, ...turning, ...known];
    const entries = await readJournal(ctx.folder.journal);
    return {findings, parts: estimateParts(await measureParts(ctx, {rest, ahead}), measuredParts(entries))};
  } catch (error) {
    if (!isHeld(own) || !LOCKED.has(sqlStateOf(error))) throw error;
    return {findings: own, parts: null};
  }
}

/** What would stop a cutover to the target, or be missed there; of the way back nothing of it is asked. */
export async function readForwardFindings(ctx: StepContext): Promise<Finding[]> {
  return [
    ...(await readHeldOnTarget(ctx)),
    ...judgeLeftOver(await readLeftOver(await ctx.session('target'), ctx.state())),
    ...(await readUnfinishedFindings(ctx)),
    ...(await readReplicationRole(ctx)),
    ...(await readPrograms(allCommands(ctx.config), ctx.env)),
    ...(await tryLogins(ctx)),
  ];
}

/** What keeps the cutover from beginning, differences that are open and changes of the schema among them; what of change capture is not whole has been said. */
function judgeRun(ctx: StepContext): Finding[] {
  const state = ctx.state();
  const refusal = whyNoCutover(state);
  if (refusal === null || whyNotWhole(state.capture).some(({why}) => why === refusal.why)) return [];
  return [{check: 'cutover.refused', severity: 'blocker', subject: 'run', seen: refusal.why, remedy: refusal.remedy}];
}

/** What would stop a cutover, or be missed after it. */
export async function readFindings(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const prepared = (await writersOf(ctx)).filter(({pid}) => pid === 0).map(({who}) => who);
  const tables = await readFencedTables(ctx);
  const unlockable = (await source.run(readUnlockable(ctx.config.cutover.lock ? tables : []))).map(({name}) => name);
  const roles = stopsItself(ctx.config) ? (await source.run(readRolesThatWrite())).map(({role}) => role) : [];
  return [
    ...found(prepared, {
      check: 'cutover.prepared',
      severity: 'blocker',
      subject: 'source',
      seen: 'prepared transactions are open, and go through a database that is read-only',
      remedy: 'let their owner commit them or roll them back',
    }),
    ...found(await readBehind(ctx), {
      check: 'cutover.behind',
      severity: 'blocker',
      subject: 'target',
      seen: 'change capture is behind, and writes would be stopped for as long',
      remedy:
        'wait until it has caught up (cdc.caught_up_wal, cdc.caught_up_lag): the capture pane and longhaul status show each slot',
    }),
    ...found(unlockable, {
      check: 'cutover.lock',
      severity: 'blocker',
      subject: 'source',
      seen: 'these tables cannot be locked against writes by our role',
      remedy: 'run examples/grants/cutover-source.sql as a superuser, or set cutover.lock to no',
    }),
    ...(await readShutFindings(ctx, tables)),
    ...(await readMaintenanceFindings(ctx, tables)),
    ...(await readReachFindings(ctx)),
    ...found(ctx.config.cutover.reverse && engineOf(ctx.config).reverse === null ? [engineOf(ctx.config).name] : [], {
      check: 'cutover.reverse',
      severity: 'blocker',
      subject: 'longhaul.yaml',
      seen: 'cutover.reverse is yes, and this engine of change capture has no way back',
      remedy: 'cutover.reverse: no, or cdc.engine: native or pglogical',
    }),
    ...whyNotWhole(ctx.state().capture).map(({why, remedy}): Finding => ({
      check: 'cutover.not-whole',
      severity: 'blocker',
      subject: 'target',
      seen: why,
      remedy,
    })),
    ...found(roles, {
      check: 'cutover.roles',
      severity: ctx.config.cutover.lock ? 'warning' : 'blocker',
      subject: 'source',
      seen: ctx.config.cutover.lock
        ? 'these roles have default_transaction_read_only = off of themselves: the locks alone refuse their writes, and after the hand-over triggers on the tables'
        : 'these roles have default_transaction_read_only = off of themselves, and with cutover.lock no nothing refuses their writes',
      remedy: 'on the source, before the cutover: ALTER ROLE … RESET default_transaction_read_only (or NOLOGIN)',
    }),
  ];
}

/** The tables that would go on taking writes behind the hand-over. */
async function readShutFindings(ctx: StepContext, tables: readonly RelationName[]): Promise<Finding[]> {
  const source = await ctx.session('source');
  return found((await source.run(readNotOurs(tables))).map(formatRelation), {
    check: 'cutover.shut',
    severity: 'warning',
    subject: 'source',
    seen: 'these tables take writes after the hand-over from whoever begins READ WRITE: only an owner makes and drops the triggers that refuse them, and our role is none',
    remedy:
      'run examples/grants/cutover-source.sql as a superuser, or give these tables to an owner that our role is a member of',
  });
}

/** Who would keep the tables from being locked. */
async function readMaintenanceFindings(ctx: StepContext, tables: readonly RelationName[]): Promise<Finding[]> {
  if (!ctx.config.cutover.lock) return [];
  const source = await ctx.session('source');
  const who = await source.run(readMaintainers(source.version, tables));
  return found(
    who.map(({what}) => what),
    {
      check: 'cutover.maintenance',
      severity: 'warning',
      subject: 'source',
      seen: 'VACUUM, ANALYZE or DDL is at work on tables that the cutover locks',
      remedy:
        'wait until it is over before the cutover: an autovacuum is ended by its server as the cutover begins, unless it is one against wraparound; everything else keeps the cutover from beginning',
    },
  );
}

/** Clients that are hidden from our role would be taken for none, and those that it may not end would write on. */
async function readReachFindings(ctx: StepContext): Promise<Finding[]> {
  if (!stopsItself(ctx.config)) return [];
  const source = await ctx.session('source');
  const {maySee, mayEnd} = await source.one(readReach(source.version));
  const blocker = {check: 'cutover.clients', severity: 'blocker', subject: 'source'} as const;
  const beyond = await source.run(readBeyondReach(source.version, ownSessions(ctx.config)));
  return [
    ...found(
      beyond.map((one) => `client ${clientWords(one)} (pid ${one.pid})`),
      {
        check: 'cutover.superusers',
        severity: ctx.config.cutover.lock ? 'warning' : 'blocker',
        subject: 'source',
        seen: 'sessions of superusers, which our role may not end: the locks alone refuse their writes, and only until the hand-over',
        remedy: 'as a superuser on the source, before the cutover: SELECT pg_terminate_backend(PID)',
      },
    ),
    ...(maySee
      ? []
      : [
          {
            ...blocker,
            seen: 'sessions of other roles are hidden from our role: clients would be taken for none, and go on writing',
            remedy:
              'give Longhaul’s role pg_monitor, as examples/grants has it; before 10, membership in the roles that have sessions there',
          },
        ]),
    ...(mayEnd
      ? []
      : [
          {
            ...blocker,
            seen: 'our role may not end the sessions of others',
            remedy:
              'give Longhaul’s role pg_signal_backend, as examples/grants has it; before 9.6, membership in the roles that have sessions there',
          },
        ]),
  ];
}

function found(names: readonly string[], finding: Finding): Finding[] {
  if (names.length === 0) return [];
  return [{...finding, seen: `${finding.seen}: ${listedOut(names)}`}];
}
