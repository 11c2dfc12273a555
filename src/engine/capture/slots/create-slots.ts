import type {Finding} from '../../../domain/run/finding.ts';
import {quoteLiteral} from '../../../domain/pg/identifier.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {Lsn} from '../../../domain/pg/lsn.ts';
import {printable} from '../../../domain/base/printable.ts';
import {formatDuration} from '../../../domain/base/units.ts';
import {readSlotBlockers, type Blocker} from '../../../pg/replication/blockers.ts';
import {createLogicalSlot, readPrimaryPosition, readSlots, type Slot} from '../../../pg/replication/slots.ts';
import type {Session} from '../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import {anchorPositions} from '../anchor-positions.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {slotObject} from '../../../domain/run/claimed.ts';
import {newSlots, slotsAway} from '../../../domain/reading/slots-away.ts';
import {captureNeeds} from '../needs.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {claimFirst} from '../../claim-first.ts';
import type {Action} from '../../action.ts';
import {executeAll, remark, showStatement} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';
import {dropOurSlots} from '../../exit/drop-our-slots.ts';
import {howToEnd} from '../../waiting/how-to-end.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import {whileWatching, type Wait} from '../../waiting/watch-blockers.ts';

/** Creates the logical slots; from here on the primary keeps its WAL for them. */
export const createSlots: Step<'create-slots'> = {
  id: 'create-slots',
  phase: 'anchor',
  title: 'create the logical slots',
  why: 'a slot keeps every change from its creation on; without it, what is written during the load is lost',
  source: 'runbook, step 1',
  confirm: 'typed',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const {existing, missing, database} = await readPlanned(ctx);
    const of = {plugin: pluginOf(ctx), database, claimed: ctx.state().claimed};
    const findings = [...existing.flatMap((slot) => judgeSlot(slot, of)), ...judgeGone(ctx, existing)];
    const known = anchorPositions(ctx.state()).slots;
    const whole = missing.length === 0 && !existing.some((slot) => isHalfMade(slot));
    return {
      done: whole && findings.length === 0 ? await evidence(ctx, existing, known) : null,
      findings,
    };
  },

  plan: async (ctx) => planSlots(ctx, new Map()),

  async run(ctx) {
    await waitForHalfMade(ctx);
    const begins = new Map(anchorPositions(ctx.state()).slots);
    await executeAll(await planSlots(ctx, begins));
    return evidence(ctx, (await readPlanned(ctx)).existing, begins);
  },

  undo: dropOurSlots,
};

/** One action for every slot that is missing. `begins` gets where each begins. */
async function planSlots(ctx: StepContext, begins: Map<string, Lsn>): Promise<Action[]> {
  const {missing} = await readPlanned(ctx);
  const objects = missing.map((name) => slotObject(name));
  const limit = formatDuration(ctx.config.timeouts.createSlotMs);
  return missing.map((name, done) => {
    const statement = createLogicalSlot(name, pluginOf(ctx));
    return claimFirst(ctx, objects, {
      on: 'source',
      text: remark(
        `waits for every transaction that has written something, ${limit} at most`,
        showStatement(statement),
      ),
      execute: async () => {
        await ctx.record({type: 'step.progressed', step: 'create-slots', done, total: missing.length, what: name});
        begins.set(name, await createOne(ctx, {name, done, total: missing.length}, statement));
      },
    });
  });
}

async function readPlanned(ctx: StepContext): Promise<{existing: Slot[]; missing: string[]; database: string | null}> {
  const source = await ctx.session('source');
  const slots = await source.run(readSlots(source.version));
  const planned = (await readPlan(ctx)).slots.slots.map((slot) => slot.name);
  return {
    existing: slots.filter((slot) => planned.includes(slot.name)),
    missing: planned.filter((name) => !slots.some((slot) => slot.name === name)),
    database: ctx.config.servers.source.params['dbname'] ?? null,
  };
}

/** The output plugin that the run's engine reads. */
function pluginOf({config}: StepContext): string {
  const {slots} = captureNeeds(config);
  if (slots === null) throw new Error('bug: slots are made for an engine that reads none');
  return slots.plugin;
}

/** What a slot of the run has to be. */
interface SlotOf {
  readonly plugin: string;
  readonly database: string | null;
  readonly claimed: readonly string[];
}

/** What is wrong with a slot that has one of the planned names. Pure. */
export function judgeSlot(slot: Slot, {plugin, database, claimed}: SlotOf): Finding[] {
  const wrong =
    (slot.kind !== 'logical' && 'is a physical slot') ||
    (slot.plugin !== plugin && `uses the plugin ${slot.plugin}, not ${plugin}`) ||
    (slot.database !== database && `belongs to the database ${slot.database}`) ||
    (!claimed.includes(slotObject(slot.name)) && 'was there before this run');
  if (wrong === false) return [];
  return [
    {
      check: 'create-slots.taken',
      severity: 'blocker',
      subject: slotObject(slot.name),
      seen: `${slot.name} ${wrong}`,
      remedy: `set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pg_drop_replication_slot(${quoteLiteral(slot.name).trim()})`,
    },
  ];
}

/** A new slot in the place of one that P was proved against would begin after P, and what is loaded would seem to be of use. */
function judgeGone(ctx: StepContext, existing: readonly Slot[]): Finding[] {
  return slotsAway(ctx.state(), {at: null, slots: existing})
    .filter(({how}) => how === 'gone')
    .map(({name, seen}) => ({
      check: 'create-slots.gone',
      severity: 'blocker',
      subject: slotObject(name),
      seen,
      remedy: newSlots(ctx.config.run),
    }));
}

/** Gives where the slot begins. */
async function createOne(
  ctx: StepContext,
  wait: SlotWait,
  statement: Statement<{confirmedFlushLsn: Lsn}>,
): Promise<Lsn> {
  const source = await ctx.session('source');
  try {
    // The server waits for the others' transactions by lock, to which lock_timeout applies. Nobody queues behind this lock: without a limit.
    const limits = {timeoutMs: ctx.config.timeouts.createSlotMs, lockTimeoutMs: 0};
    const made = await whileWatching(ctx, asWait(wait), async (watch) => watch.during(source.one(statement, limits)));
    return made.confirmedFlushLsn;
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.queryCanceled) throw error;
    const blockers = await askForBlockers(source);
    throw new LonghaulError({
      code: 'failed',
      message:
        `slot ${wait.name} was not created within ${formatDuration(ctx.config.timeouts.createSlotMs)}: a slot waits for every transaction` +
        ` that has written something, and the time-out left none behind. Open now: ${openNow(blockers)}`,
      remedy: `${howToEnd(blockers, SLOT_LIMIT)}; then run again`,
      cause: error,
    });
  }
}

const SLOT_LIMIT = {on: 'source', limit: 'timeouts.create_slot'} as const;

/** The slot that is made, and how many were before it. */
interface SlotWait {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** Which transaction the server waits for is in nobody's catalog; the oldest is the one that most often is. */
function asWait({name, done, total}: SlotWait): Wait {
  return {step: 'create-slots', on: 'source', done, total, what: `${name} waits for`, ask: askForBlockers};
}

async function askForBlockers(session: Session): Promise<Blocker[]> {
  return session.run(readSlotBlockers(session.version));
}

function openNow(blockers: readonly Blocker[]): string {
  return blockers.map(({what}) => printable(what)).join('; ') || 'none';
}

/**
 * A slot whose creation goes on is shown already, read by the session that creates it and without a position. Until it is made it may
 * vanish with that session: it must not be taken for one that keeps changes. (9.4 and 9.5 never show a position; there, nobody else
 * reads a slot of ours before change capture begins.) Pure.
 */
export function isHalfMade(slot: Slot): boolean {
  return slot.kind === 'logical' && slot.active && slot.confirmedFlushLsn === null;
}

/** A supervisor that was killed has left its session at the server, which goes on with the slot until its time-out. */
async function waitForHalfMade(ctx: StepContext): Promise<void> {
  const limitMs = ctx.config.timeouts.createSlotMs;
  const halfMade = async (): Promise<Slot[]> => (await readPlanned(ctx)).existing.filter((slot) => isHalfMade(slot));
  const [first] = await halfMade();
  if (first === undefined) return;
  const wait = asWait({name: `${first.name}, which another session creates,`, done: 0, total: 1});
  const gone = await whileWatching(ctx, wait, async (watch) =>
    watch.during(waitUntil(ctx, limitMs, async () => ((await halfMade()).length === 0 ? true : null))),
  );
  if (gone !== null) return;
  const still = await halfMade();
  const source = await ctx.session('source');
  const blockers = await askForBlockers(source);
  throw new LonghaulError({
    code: 'failed',
    message:
      `after ${formatDuration(limitMs)} these slots are still being created by another session: ` +
      `${still.map(({name, activePid}) => `${name} (pid ${activePid ?? 'unknown'})`).join(', ')}. Open now: ${openNow(blockers)}`,
    remedy: `${howToEnd(blockers, SLOT_LIMIT)}; then run again`,
  });
}

async function evidence(
  ctx: StepContext,
  slots: readonly Slot[],
  begins: ReadonlyMap<string, Lsn>,
): Promise<Evidence<'create-slots'>> {
  const source = await ctx.session('source');
  const {insertLsn, clock} = await source.one(readPrimaryPosition(source.version));
  return {
    // 9.4 and 9.5 do not show confirmed_flush_lsn. Of a slot that a crash kept from being noted, where the primary inserts by now is at
    // or after it, so P judged by it is safe.
    slots: slots.map((slot) => ({
      name: slot.name,
      plugin: slot.plugin,
      restartLsn: slot.restartLsn,
      confirmedFlushLsn: slot.confirmedFlushLsn ?? begins.get(slot.name) ?? insertLsn,
    })),
    clock,
  };
}
