import type {Visitor} from '../../domain/run/cutover/visitors.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import {phaseOf} from '../../domain/run/final-steps.ts';

/** How a cutover, or a way back, has ended; `goes on` has no end yet. */
export type StopEnd = 'handed over' | 'taken back' | 'goes on';

/** A step of it, a command of the operator, or the wait for one slot. */
export interface StopPart {
  readonly name: string;
  /** Milliseconds from the first refused write; less than nothing before it. */
  readonly fromMs: number;
  /** Null where it goes on. */
  readonly tookMs: number | null;
  readonly failed: boolean;
}

/** A cutover or a way back: how long nobody could write, and what that time was spent with. Times are the jump box's, ISO 8601. */
export interface WriteStop {
  readonly what: 'cutover' | 'back';
  readonly begunAt: string;
  readonly by: string;
  /** The first statement, or command, that refuses a write; null where none was. */
  readonly stoppedAt: string | null;
  /** When writes were allowed again, here or there; null where they are not yet. */
  readonly allowedAt: string | null;
  /** How long nobody could write; null before anything was refused. */
  readonly stoppedMs: number | null;
  readonly end: StopEnd;
  /** Why it was taken back; null where it was not. */
  readonly reason: string | null;
  /** Who was seen afterwards on the side that was left, whoever was seen last first. */
  readonly visitors: readonly Visitor[];
  readonly parts: readonly StopPart[];
}

/** While it is being read from the journal. */
type Open = {-readonly [Key in keyof Omit<WriteStop, 'stoppedMs' | 'parts'>]: WriteStop[Key]} & {
  readonly entries: JournalEntry[];
};

/** Every cutover and way back of a run, in their order. Pure. */
export function writeStopsOf(journal: readonly JournalEntry[], nowMs: number): WriteStop[] {
  const all: Open[] = [];
  for (const entry of journal) {
    if (entry.type === 'cutover.begun' || entry.type === 'back.begun') {
      const what = entry.type === 'back.begun' ? 'back' : 'cutover';
      const {at: begunAt, by} = entry;
      all.push({
        what,
        begunAt,
        by,
        stoppedAt: null,
        allowedAt: null,
        end: 'goes on',
        reason: null,
        visitors: [],
        entries: [],
      });
    }
    const last = all.at(-1);
    if (last === undefined) continue;
    last.entries.push(entry);
    end(last, entry);
  }
  return all.map((open) => asStop(open, nowMs));
}

function end(open: Open, entry: JournalEntry): void {
  const {what} = open;
  if (entry.type === `${what}.stopping`) open.stoppedAt ??= entry.at;
  if (entry.type === `${what}.handed-over`) Object.assign(open, {allowedAt: entry.at, end: 'handed over'});
  if (entry.type === 'cutover.visited' || entry.type === 'back.visited') open.visitors = entry.visitors;
  if (entry.type === 'cutover.gone-back' || entry.type === 'back.gone-back')
    Object.assign(open, {allowedAt: entry.at, end: 'taken back', reason: entry.reason});
}

function asStop({entries, ...open}: Open, nowMs: number): WriteStop {
  const {stoppedAt, allowedAt, begunAt} = open;
  const zeroMs = Date.parse(stoppedAt ?? begunAt);
  const endMs = allowedAt === null ? nowMs : Date.parse(allowedAt);
  return {
    ...open,
    // One that was taken back before anything was refused has stopped nobody.
    stoppedMs: stoppedAt === null ? null : Math.max(0, measured(entries) ?? endMs - zeroMs),
    parts: partsOf(entries, zeroMs, open.what),
  };
}

/** What the servers' clocks say, where it was handed over. */
function measured(entries: readonly JournalEntry[]): number | null {
  const done = entries.findLast(
    (entry) => entry.type === 'step.done' && ['hand-over', 'back-hand-over'].includes(entry.step),
  );
  const evidence = done?.type === 'step.done' ? done.evidence : {};
  return 'stoppedMs' in evidence && typeof evidence.stoppedMs === 'number' ? evidence.stoppedMs : null;
}

function partsOf(entries: readonly JournalEntry[], zeroMs: number, phase: WriteStop['what']): StopPart[] {
  const parts: StopPart[] = [];
  const open = new Map<string, number>();
  const close = (name: string, toMs: number | null, failed: boolean): void => {
    const fromMs = open.get(name);
    open.delete(name);
    if (fromMs !== undefined)
      parts.push({name, fromMs: fromMs - zeroMs, tookMs: toMs === null ? null : toMs - fromMs, failed});
  };
  for (const entry of entries) {
    const atMs = Date.parse(entry.at);
    if (entry.type === 'cutover.command' || entry.type === 'back.command') {
      const name = `command ${entry.command}`;
      if (entry.moment === 'started') open.set(name, atMs);
      else close(name, atMs, false);
    }
    if (!('step' in entry) || phaseOf(entry.step) !== phase) continue;
    if (entry.type === 'step.started') open.set(entry.step, atMs);
    if (entry.type === 'step.failed' || entry.type === 'step.unfinished') close(entry.step, atMs, true);
    if (entry.type !== 'step.done') continue;
    const fromMs = open.get(entry.step);
    close(entry.step, atMs, false);
    if (fromMs !== undefined) parts.push(...slotParts(entry.evidence, fromMs - zeroMs));
  }
  for (const name of open.keys()) close(name, null, false);
  return parts;
}

/** How long each slot has taken to deliver what was written last. */
function slotParts(evidence: object, fromMs: number): StopPart[] {
  if (!('slots' in evidence) || !Array.isArray(evidence.slots)) return [];
  return evidence.slots.flatMap((slot: unknown) => {
    if (typeof slot !== 'object' || slot === null || !('name' in slot) || !('tookMs' in slot)) return [];
    const {name, tookMs} = slot;
    return typeof name === 'string' && typeof tookMs === 'number'
      ? [{name: `slot ${name}`, fromMs, tookMs, failed: false}]
      : [];
  });
}

/** How long nobody could write, in all of them; null where nothing was ever refused. Pure. */
export function stoppedInAll(stops: readonly WriteStop[]): number | null {
  const taken = stops.flatMap(({stoppedMs}) => (stoppedMs === null ? [] : [stoppedMs]));
  return taken.length === 0 ? null : taken.reduce((sum, ms) => sum + ms, 0);
}
