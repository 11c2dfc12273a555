import {formatRelation} from '../../domain/pg/relation.ts';
import type {JournalEntry} from '../../domain/run/event.ts';

/** Something that went wrong, and what came of it. Times are ISO 8601. */
export interface Fault {
  readonly at: string;
  /** `step full-load`, `unit 01-events, attempt 2`, `supervisor`. */
  readonly what: string;
  readonly message: string;
  /** When it was tried again; null where it was not, or cannot be. */
  readonly againAt: string | null;
  /** When it went well since; null where it has not, or where there is nothing that could. */
  readonly mendedAt: string | null;
  /** Whether it is still to go well: a step, a unit, P. */
  readonly isOpen: boolean;
}

type Draft = {-readonly [Key in keyof Fault]: Fault[Key]};

/** Every fault of the run in order: steps and units that failed, supervisors that died, what became of P and of the source. Pure. */
export function faultsOf(journal: readonly JournalEntry[]): Fault[] {
  const faults: Draft[] = [];
  /** Faults of a step, a unit, that are not mended yet. */
  const open = new Map<string, Draft[]>();
  const add = (of: string | null, {at}: JournalEntry, {what, message}: Pick<Fault, 'what' | 'message'>): void => {
    const fault: Draft = {at, what, message, againAt: null, mendedAt: null, isOpen: of !== null};
    faults.push(fault);
    if (of !== null) open.set(of, [...(open.get(of) ?? []), fault]);
  };
  const again = (of: string, at: string): void => {
    for (const fault of open.get(of) ?? []) fault.againAt ??= at;
  };
  const mend = (of: string, at: string): void => {
    for (const fault of open.get(of) ?? []) Object.assign(fault, {mendedAt: at, isOpen: false});
    open.delete(of);
  };
  let lives = false;
  for (const entry of journal) {
    const fault = faultOf(entry, lives);
    if (fault !== null) add(fault.of, entry, fault);
    if (entry.type === 'supervisor.started') lives = true;
    if (entry.type === 'supervisor.stopped') lives = false;
    if (entry.type === 'step.started') again(`step ${entry.step}`, entry.at);
    if (entry.type === 'unit.started') again(`unit ${entry.unit}`, entry.at);
    if (entry.type === 'step.done') mend(`step ${entry.step}`, entry.at);
    if (entry.type === 'unit.committed') mend(`unit ${entry.unit}`, entry.at);
    if (entry.type === 'boundary.proved') mend('P', entry.at);
  }
  return faults;
}

interface Seen {
  /** What it is a fault of, by which a later success is known to be its; null where nothing could mend it. */
  readonly of: string | null;
  readonly what: string;
  readonly message: string;
}

function faultOf(entry: JournalEntry, lives: boolean): Seen | null {
  if (entry.type === 'step.failed' || entry.type === 'step.unfinished')
    return ofItself(`step ${entry.step}`, entry.failure.message);
  if (entry.type === 'unit.failed') {
    const of = `unit ${entry.unit}`;
    return {of, what: `${of}, attempt ${entry.attempt}`, message: entry.failure.message};
  }
  if (entry.type === 'boundary.moved' || entry.type === 'boundary.disproved')
    return ofItself('P', entry.failure.message);
  if (entry.type === 'supervisor.started')
    return lives ? once('supervisor', 'the one before had ended without a word') : null;
  return faultOfCapture(entry);
}

function ofItself(what: string, message: string): Seen {
  return {of: what, what, message};
}

/** Nothing that comes later is known to have mended it. */
function once(what: string, message: string): Seen {
  return {of: null, what, message};
}

function faultOfCapture(entry: JournalEntry): Seen | null {
  if (entry.type === 'source.lost') return once('source', entry.failure.message);
  if (entry.type === 'table.not-adopted') return once(`table ${formatRelation(entry.table)}`, entry.failure.message);
  if (entry.type === 'again.ended' && entry.failure !== null)
    return once('comparison while change capture runs', entry.failure.message);
  if (entry.type === 'cutover.gone-back') return once('cutover', `it was taken back: ${entry.reason}`);
  if (entry.type === 'back.gone-back') return once('way back', `it was taken back: ${entry.reason}`);
  return null;
}
