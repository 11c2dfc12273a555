import type {Finding} from '../../domain/finding.ts';
import {printable} from '../../domain/printable.ts';
import {formatBytes} from '../../domain/units.ts';
import {readLocalNode} from '../../pg/pglogical.ts';
import {readPglogical} from '../../pg/rights.ts';
import {readSlotBlockers} from '../../pg/slot-blockers.ts';
import {readSlots, type Slot} from '../../pg/slots.ts';
import {nodeObject, slotObject} from '../objects.ts';
import type {StepContext} from '../step.ts';

/** Whose slots there are already, and what would hold up the creation of ours. */
export async function checkSourceSlots(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const claimed = ctx.state().claimed;
  const slots = (await source.run(readSlots(source.version))).filter(
    (slot) => !claimed.includes(slotObject(slot.name)),
  );
  const findings = slots.flatMap((slot) => judgeForeignSlot(slot));
  if (ctx.config.cdc.engine === 'none') return findings;
  const [pglogical] = await source.run(readPglogical());
  const [node] = pglogical?.mayUse === true ? await source.run(readLocalNode()) : [];
  if (node !== undefined && !claimed.includes(nodeObject(node.name))) {
    findings.push({
      check: 'source.node',
      severity: 'warning',
      subject: 'source',
      seen: `it is the pglogical node ${printable(node.name)} already: somebody replicates from here, or did`,
      remedy: 'create-node asks whether to use it; when it is a leftover: SELECT pglogical.drop_node(…)',
    });
  }
  const limit = ctx.config.alarms.longTransactionMinutes * 60;
  const blockers = (await source.run(readSlotBlockers())).filter(
    ({what, seconds}) => seconds > limit || what.startsWith('prepared'),
  );
  return [...findings, ...blockers.map(({what}) => waitsFor(what))];
}

function waitsFor(what: string): Finding {
  return {
    check: 'source.open-transaction',
    severity: 'warning',
    subject: 'source',
    seen: `${printable(what)}: the creation of a slot waits for it`,
    remedy:
      'let it end (COMMIT PREPARED, ROLLBACK PREPARED for a prepared one), or run when it has; timeouts.create_slot cuts the wait off',
  };
}

/** Somebody else's slot: logical and read by somebody is a replication that must not be disturbed. Pure. */
export function judgeForeignSlot(slot: Slot): Finding[] {
  if (slot.kind === 'physical') return [];
  const held = slot.retainedBytes === null ? '' : `, holds ${formatBytes(slot.retainedBytes)} of WAL`;
  return [
    {
      check: 'source.foreign-slot',
      severity: slot.active ? 'warning' : 'note',
      subject: `slot ${printable(slot.name)}`,
      seen: `a logical slot of somebody else, ${slot.active ? 'read by somebody now' : 'read by nobody'}${held}`,
      remedy: slot.active
        ? 'it is left alone; ask its owner whether the tables may be in two replications at once'
        : '',
    },
  ];
}
