import {setTimeout as wait} from 'node:timers/promises';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {compareLsn, laterLsn, parseLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import {streamSlot, type SlotStream} from '../../../pg/replication/stream-slot.ts';
import {connect} from '../../../pg/session/connect.ts';
import type {Session} from '../../../pg/session/session.ts';
import {sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {sql} from '../../../pg/session/statement.ts';
import {createControlTables, readProgress} from './apply.ts';
import {parseMessage, type Entry} from './messages.ts';
import {relationsOf} from './relations.ts';
import type {TaskPlace} from './task-place.ts';
import {TaskFailure} from './task-failure.ts';
import {applyTransaction} from './transaction.ts';

const AGAIN_MS = 1000;

/**
 * Runs a task until its signal is aborted: reads its slot from where it was told or where it is, and applies what it reads, a transaction of the source in one
 * of the target. A server that is away is tried again, as DMS does by default for ever. Throws a TaskFailure where it cannot go on.
 */
export async function runTask(place: TaskPlace): Promise<void> {
  while (!place.signal.aborted) {
    try {
      await runOnce(place);
    } catch (error) {
      if (place.signal.aborted) return;
      if (error instanceof TaskFailure || !isRecoverable(error)) {
        throw new TaskFailure(error instanceof Error ? error.message : String(error));
      }
      await wait(AGAIN_MS, undefined, {signal: place.signal}).catch(() => undefined);
    }
  }
}

/** Connections that are gone or refused, a slot that is still read, a shutdown, a read-only target, a deadlock. */
function isRecoverable(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === null)
    return !(error instanceof LonghaulError) || error.code === 'unreachable' || error.code === 'failed';
  return /^(?:08|57P|55006|40|25006|53)/.test(state);
}

async function runOnce(place: TaskPlace): Promise<void> {
  const {row, name, slot, start, signal} = place;
  const options = {
    applicationName: `dms-${slot}`,
    statementTimeoutMs: 0,
    lockTimeoutMs: 0,
    readOnly: false,
    signal,
  };
  const opened: {close(): Promise<void> | void}[] = [];
  const keep = <One extends {close(): Promise<void> | void}>(one: One): One => {
    opened.push(one);
    return one;
  };
  try {
    const target = keep(await connect('target', place.target, options));
    await target.run(sql(place.afterConnect));
    for (const statement of createControlTables()) await target.run(statement);
    const source = keep(await connect('source', place.source, {...options, readOnly: true}));
    const [kept] = await target.run(readProgress(name));
    const from = kept === undefined ? start : laterLsn(start, parseLsn(kept.lsn));
    const stream = keep(
      await streamSlot(place.source, {slot, start: from, plugin: pluginOptions(slot), applicationName: `dms-${slot}`}),
    );
    const stop = (): void => stream.close();
    signal.addEventListener('abort', stop, {once: true});
    row.status = 'running';
    place.onChange();
    await follow(place, {stream, source, target, applied: kept === undefined ? null : parseLsn(kept.lsn)});
  } finally {
    for (const one of opened) await Promise.resolve(one.close()).catch(() => undefined);
  }
}

/** DMS asks for the two sets that are named like its slot. */
function pluginOptions(slot: string): Record<string, string> {
  return {
    min_proto_version: '1',
    max_proto_version: '1',
    startup_params_format: '1',
    proto_format: 'json',
    expected_encoding: 'UTF8',
    // The plugin splits the list as SQL names are: quoted where they are no plain ones.
    'pglogical.replication_set_names': [slot, `i${slot}`].map((set) => `"${set.replaceAll('"', '""')}"`).join(','),
  };
}

interface Following {
  readonly stream: SlotStream;
  readonly source: Session;
  readonly target: Session;
  applied: Lsn | null;
}

async function follow(place: TaskPlace, at: Following): Promise<void> {
  const {row, start} = place;
  const relationOf = relationsOf(at.source, at.target);
  let entries: Entry[] = [];
  for (;;) {
    const message = parseMessage(await at.stream.next());
    if (message.kind === 'begin') entries = [];
    if (message.kind === 'change') entries.push(message.change);
    if (message.kind === 'truncate') entries.push({action: 'T', relation: message.relation});
    if (message.kind !== 'commit') continue;
    const {commitLsn, endLsn} = message;
    // The slot delivers what is not confirmed: that before P is in the load, that up to the progress is applied.
    const isOld = compareLsn(commitLsn, start) < 0 || (at.applied !== null && compareLsn(endLsn, at.applied) <= 0);
    if (!isOld && entries.length > 0) {
      await misbehave(place);
      await applyTransaction(place, {target: at.target, entries, endLsn, relationOf});
      at.applied = endLsn;
    }
    at.stream.confirm(endLsn);
    row.checkpoint = endLsn;
    place.onChange();
  }
}

/** The faults that come before a transaction. */
async function misbehave({row: {faults}, signal}: TaskPlace): Promise<void> {
  if (faults.slowMs > 0) await wait(faults.slowMs, undefined, {signal});
  if (faults.fail !== null) {
    const message = faults.fail;
    faults.fail = null;
    throw new TaskFailure(message);
  }
  if (faults.recoverable) {
    faults.recoverable = false;
    throw new Error('the connection was lost, as it was asked for');
  }
}
