import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {
  formatRelation,
  parseRelation,
  quoteRelation,
  sameRelation,
  type RelationName,
} from '../../../domain/pg/relation.ts';
import type {Alarm} from '../../../domain/reading/alarm.ts';
import {claimedPglogicalSubscriptions, claimedSubscriptions, STRICT_MODE} from '../../../domain/run/claimed.ts';
import {tablesOf} from '../../../domain/run/load-unit.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {newSlots} from '../../../domain/reading/slots-away.ts';
import {dropLeftOver} from '../../../domain/run/capture/left-over.ts';
import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import {seenOf, triggerSeenOf} from '../../../domain/run/capture/seen-of.ts';
import {figuresOf} from '../history.ts';
import {raisedSoFar, type Judge} from '../observed.ts';

/** The target is no longer read-only, or somebody writes there: what is written there change capture does not know of. */
export const judgeTargetGuard: Judge = (observed) => {
  const {state} = observed;
  // Only what this run has closed is to be closed still.
  const closed = state.claimed.find((object) => object.startsWith(CLOSED))?.slice(CLOSED.length);
  if (closed === undefined || isTargetOpened(state.cutover)) return [];
  const reading = figuresOf(observed.history, 'guard:target');
  if (reading === null) return raisedSoFar(observed, 'target.');
  const open = reading.figures.some(({name}) => name === 'target_open');
  const writers = reading.figures.filter(({name}) => name === 'target_writer').map(({of}) => of ?? '');
  const subject = `database ${closed} on the target`;
  return [
    ...(open
      ? [
          {
            id: 'target.open',
            severity: 'warning' as const,
            subject,
            seen: 'it takes writes of everybody: somebody has taken its read-only default away',
            remedy: `see who writes there (pg_stat_activity); on the target, as its owner: ALTER DATABASE ${quoteIdentifier(closed)} SET default_transaction_read_only = on`,
          },
        ]
      : []),
    ...(writers.length === 0
      ? []
      : [
          {
            id: 'target.writers',
            severity: 'critical' as const,
            subject,
            seen: `${writers.join('; ')}: writes there, beside change capture`,
            remedy:
              'let whoever that is write to the source, and the writing end there; what it has written the source does not have: compare its tables before anything is built on them',
          },
        ]),
  ];
};

const CLOSED = 'read-only ';

/** Tables that have lost their replica identity while their updates are published: each UPDATE and DELETE of the application fails. */
export const judgeIdentity: Judge = (observed) => {
  const reading = figuresOf(observed.history, 'guard:target');
  if (reading === null) return raisedSoFar(observed, 'cdc.identity');
  return reading.figures
    .filter(({name}) => name === 'unidentified')
    .map(({of}): Alarm => {
      const table = (of ?? '').replace(/^table /, '');
      return {
        id: `cdc.identity:${table}`,
        severity: 'critical',
        subject: `table ${table}`,
        seen: 'it has lost its key, or its replica identity was changed: the application can update and delete no row of it, for its updates are published',
        remedy: `on the source, as its owner: SET lock_timeout = '2s'; ALTER TABLE ${quotedTable(table)} REPLICA IDENTITY FULL; or its primary key again, and REPLICA IDENTITY DEFAULT`,
      };
    });
};

/** Tables that were adopted and dropped on the source since, which the target still has: nobody else tells of them. */
export const judgeLeftOver: Judge = (observed) => {
  const reading = figuresOf(observed.history, 'guard:target');
  if (reading === null) return raisedSoFar(observed, 'cdc.left-over');
  return reading.figures
    .filter(({name}) => name === 'left_over')
    .flatMap(({of}): Alarm[] => {
      const name = (of ?? '').replace(/^table /, '');
      const table = parseRelation(name);
      if (table === null) return [];
      return [
        {
          id: `cdc.left-over:${name}`,
          severity: 'warning',
          subject: `table ${name}`,
          seen: 'it was adopted, the source has dropped it since, and the target still has it: the cutover is refused until it is gone there too',
          remedy: dropLeftOver(table),
        },
      ];
    });
};

/** Tables that are of another kind on the target, where pglogical applies: the first change of one crashes the server. */
export const judgeOtherKinds: Judge = (observed) => {
  const reading = figuresOf(observed.history, 'guard:target');
  if (reading === null) return raisedSoFar(observed, 'cdc.kind');
  return reading.figures
    .filter(({name}) => name === 'other_kind')
    .map(({of}): Alarm => {
      const {slot = '', table} = seenOf(of) ?? {};
      return {
        id: `cdc.kind:${table}`,
        severity: 'critical',
        subject: `table ${table}`,
        seen: 'it is a plain table on the source and none on the target: pglogical crashes the target where they meet',
        remedy: `longhaul cdc pause ${slot}; make it a plain table on the target, with the rows that it has there; then longhaul cdc resume ${slot}, and longhaul compare --again ${table}`,
      };
    });
};

/** Tables whose TRUNCATE pglogical's trigger does not write down any more: rows would stay on the target that the source has not, without a word. A comparison of them is owed as long. */
export const judgeTruncates: Judge = (observed) => {
  const reading = figuresOf(observed.history, 'guard:target');
  if (reading === null) return raisedSoFar(observed, 'cdc.truncates');
  const run = observed.state.run ?? '';
  return reading.figures
    .filter(({name}) => name === 'truncate_untold')
    .flatMap(({of}): Alarm[] => {
      const seen = triggerSeenOf(of);
      if (seen === null) return [];
      const {trigger, table} = seen;
      const enable = `on the source, as superuser: SET lock_timeout = '2s'; ALTER TABLE ${quotedTable(table)} ENABLE TRIGGER ${trigger}; then longhaul compare --again ${table}`;
      return [
        {
          id: `cdc.truncates:${table}`,
          severity: 'warning',
          subject: `table ${table}`,
          seen: `pglogical's trigger on it is ${trigger === null ? 'gone' : 'disabled'}: a TRUNCATE of it does not come to the target, and nobody is told of one`,
          remedy: trigger === null ? `longhaul adopt ${table} --yes ${run}, by which pglogical makes it anew` : enable,
        },
      ];
    });
};

/** What this run has set so that pglogical stops at a change that does not fit, and somebody has taken away. */
export const judgeStrict: Judge = (observed) => {
  const {claimed} = observed.state;
  if (!claimed.includes(STRICT_MODE)) return [];
  const reading = figuresOf(observed.history, 'guard:target');
  if (reading === null) return raisedSoFar(observed, 'cdc.strict');
  return reading.figures
    .filter(({name}) => name === 'not_strict')
    .map(({of}): Alarm => {
      const database = (of ?? '').replace(/^database /, '');
      return {
        id: 'cdc.strict',
        severity: 'warning',
        subject: `database ${database} on the target`,
        seen: 'pglogical.conflict_log_level is error no more: a worker that begins now overwrites a row that is in the way of an INSERT, and skips what finds no row, without a word',
        remedy: `on the target, as superuser: ALTER DATABASE ${quoteIdentifier(database)} SET pglogical.conflict_log_level = 'error'; then longhaul cdc pause and resume for each slot, and longhaul compare --again, which finds what was passed over`,
      };
    });
};

/** A table as a figure names it, as SQL. */
function quotedTable(name: string): string {
  const table = parseRelation(name);
  return table === null ? name : quoteRelation(table);
}

/** Whether tables can be adopted: with tasks of DMS no slot can be held for it. Pure. */
export function isAdopting(claimed: readonly string[]): boolean {
  return claimedSubscriptions(claimed).length + claimedPglogicalSubscriptions(claimed).length > 0;
}

/** What the journal has of change capture: the source is another, tables that are not captured, comparisons that are owed. */
export const judgeCaptureState: Judge = ({state}) => {
  const {run, claimed} = state;
  const mayAdopt = isAdopting(claimed);
  const {newTables, owed, sourceLost} = state.capture;
  return [
    ...(sourceLost === null
      ? []
      : [
          {
            id: 'source.lost',
            severity: 'critical' as const,
            subject: 'source',
            seen: sourceLost.failure.message,
            remedy: sourceLost.failure.remedy,
          },
        ]),
    ...newTables.map(({table, adoptedInto, failure}): Alarm => {
      const name = formatRelation(table);
      const begun =
        adoptedInto === null
          ? ''
          : `; its adoption into ${adoptedInto} ${failure === undefined ? 'is not over' : `has failed: ${failure.message}`}`;
      return {
        id: `cdc.uncaptured:${name}`,
        severity: 'critical',
        subject: `table ${name}`,
        seen: `it is on the source, and no slot captures it: what is written to it does not come to the target${begun}`,
        remedy: mayAdopt || state.cdcStarted === null ? adoptionOf(table, state) : byHand(table, state),
      };
    }),
    ...owed.map(({table, why}): Alarm => ({
      id: `cdc.owed:${formatRelation(table)}`,
      severity: 'warning',
      subject: `table ${formatRelation(table)}`,
      seen: `it may differ on the target: ${why}`,
      remedy: mayAdopt ? orAdopt(formatRelation(table), run ?? '') : COMPARE,
    })),
  ];
};

const COMPARE = 'compare it before the cutover, which is refused until then';

function orAdopt(name: string, run: string): string {
  return `longhaul compare --again ${name}: the cutover is refused before it is equal; where it differs, longhaul adopt ${name} --yes ${run} copies it anew`;
}

function adoptionOf(
  table: RelationName,
  {cdcStarted, run, units}: Pick<RunState, 'cdcStarted' | 'run' | 'units'>,
): string {
  const how = `longhaul adopt ${formatRelation(table)} --yes ${run ?? ''}`;
  const adopt = cdcStarted === null ? `once change capture has begun: ${how}` : how;
  // What is loaded is part of the plan, which is good for these tables only.
  return tablesOf(units).some((one) => sameRelation(one, table)) ? adopt : `${adopt}; ${LEAVE_OUT}`;
}

/** With tasks of DMS, which take no table in. */
function byHand(table: RelationName, {run, units}: Pick<RunState, 'run' | 'units'>): string {
  return tablesOf(units).some((one) => sameRelation(one, table)) ? `${SUSPENDED}; ${newSlots(run ?? '')}` : NOT_MOVED;
}

const NOT_MOVED =
  'a task captures the tables of its mappings alone; leave it out: tables.exclude in longhaul.yaml, then longhaul shutdown; longhaul run';
const SUSPENDED =
  'see awsdms_apply_exceptions on the target, and the log of the task, for what it failed at; a task never goes on with a table that it has suspended, and one that was taken out of its set has lost what came since';
const LEAVE_OUT = 'or leave it out: tables.exclude in longhaul.yaml, then longhaul shutdown; longhaul run';
