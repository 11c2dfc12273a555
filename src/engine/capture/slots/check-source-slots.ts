import type {Finding} from '../../../domain/run/finding.ts';
import {quoteLiteral} from '../../../domain/pg/identifier.ts';
import {printable} from '../../../domain/base/printable.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {readSlotBlockers, type Blocker} from '../../../pg/replication/blockers.ts';
import {readSlots, type Slot} from '../../../pg/replication/slots.ts';
import {slotObject} from '../../../domain/run/claimed.ts';
import type {StepContext} from '../../step.ts';
import {found} from '../../preflight/found.ts';
import {howToEnd} from '../../waiting/how-to-end.ts';

/** An application's transactions are over by then; the creation of each slot waits for those that are not. */
const ORDINARY_SECONDS = 2;

/** Whose slots there are already, and what would hold up the creation of ours. */
export async function checkSourceSlots(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const claimed = ctx.state().claimed;
  const slots = (await source.run(readSlots(source.version))).filter(
    (slot) => !claimed.includes(slotObject(slot.name)),
  );
  const findings = slots.flatMap((slot) => judgeForeignSlot(slot, ctx.config.slots.prefix));
  return [...findings, ...judgeBlockers(await source.run(readSlotBlockers(source.version)), ORDINARY_SECONDS)];
}

/** Transactions that hold up the creation of a slot for longer than `limitSeconds`, and every prepared one. Pure. */
export function judgeBlockers(blockers: readonly Blocker[], limitSeconds: number): Finding[] {
  return blockers
    .filter(({seconds, prepared}) => prepared !== null || (seconds ?? 0) > limitSeconds)
    .map((one) =>
      found('source').warning(
        'open-transaction',
        `${printable(one.what)}: the creation of a slot waits for it`,
        howToEnd([one], {on: 'source', limit: 'timeouts.create_slot'}),
      ),
    );
}

function calledAsOurs({name, kind, active, database}: Slot, prefix: string): Finding {
  const of = kind === 'physical' ? 'a physical slot' : `a logical slot of database ${printable(database ?? '?')}`;
  return {
    check: 'source.slot-name',
    severity: 'blocker',
    subject: `slot ${printable(name)}`,
    seen: `it is called as this run's slots are (slots.prefix ${prefix}), and this run has not made it: ${of}, read by ${active ? 'somebody now' : 'nobody'}. Another run of this server may have`,
    remedy: `set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pg_drop_replication_slot(${quoteLiteral(name).trim()})`,
  };
}

/** The check of a slot that somebody reads: the run asks about these before anything (see steps/preflight.ts). */
export const ACTIVE_SLOT = 'source.active-slot';

/**
 * Somebody else's slot: logical and read by somebody is a replication that must not be disturbed. One that is called as ours are would be in the place of
 * one of ours, or be dropped with them (release --by-prefix). Pure.
 */
export function judgeForeignSlot(slot: Slot, prefix: string): Finding[] {
  if (slot.name.startsWith(prefix)) return [calledAsOurs(slot, prefix)];
  if (slot.kind === 'physical') return [];
  const held = slot.retainedBytes === null ? '' : `, holds ${formatBytes(slot.retainedBytes)} of WAL`;
  const subject = `slot ${printable(slot.name)}`;
  const common = {
    subject,
    seen: `a logical slot of somebody else, ${slot.active ? 'read by somebody now' : 'read by nobody'}${held}`,
  };
  return slot.active
    ? [
        {
          ...common,
          check: ACTIVE_SLOT,
          severity: 'warning',
          remedy: 'it is left alone; ask its owner whether the tables may be in two replications at once',
        },
      ]
    : [{...common, check: 'source.foreign-slot', severity: 'note', remedy: ''}];
}
