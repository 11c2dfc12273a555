import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {WRITES} from '../../../domain/run/capture/read-only-target.ts';
import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {
  addTableToSet,
  alterReplicationSet,
  readReplicationSets,
  readSetMembers,
  removeTableFromSet,
} from '../../../pg/replication/pglogical.ts';
import {allowPassingOver, passOver, passOverNoMore, readPglogicalTarget} from '../../../pg/capture/pglogical-target.ts';
import {statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {mustBeThere} from '../adopt/must-be-there.ts';
import type {Adoption} from '../capture.ts';
import {carriesAll} from '../dms/read-not-in-sets.ts';
import {plannedSets} from '../objects.ts';
import {planKick, readOne} from './control.ts';
import {planWhole} from './not-applied.ts';

/** A table that is younger than the sets, or was taken out of them: into those of its slot, as the others are; the target passes over it until it is copied. */
export const adoption: Adoption = {
  planWhole,

  async adding(ctx, {slot, others, table, hasIdentity, isFull}) {
    const source = await ctx.session('source');
    const members = (await source.run(readSetMembers())).filter((one) => sameRelation(one, table));
    const sets = await source.run(readReplicationSets());
    mustBeThere(
      [updateSetOf(slot), insertSetOf(slot)],
      sets.map(({name}) => name),
      {slot, run: ctx.config.run},
    );
    // A set of updates takes no table without a key.
    const wanted = hasIdentity && !isFull ? [updateSetOf(slot), insertSetOf(slot)] : [insertSetOf(slot)];
    const altered = plannedSets([{name: slot}]).filter(
      ({name, ...set}) => wanted.includes(name) && !sets.some((one) => carriesAll(one, {name, ...set})),
    );
    // Under this name another slot would bring it as well.
    const bringing = plannedSets(others.map((name) => ({name}))).filter(({name}) =>
      members.some((one) => one.set === name),
    );
    const elsewhere = others.filter((one) =>
      plannedSets([{name: one}]).some(({name}) => bringing.some((set) => set.name === name)),
    );
    const statements = [
      ...bringing.map(({name}) => removeTableFromSet(name, table)),
      ...altered.map((set) => alterReplicationSet(set)),
      // Also where it is there already: a session that reads the slot keeps what its sets carried when it began, until the membership of a table changes.
      ...wanted.flatMap((set) => [
        ...(members.some((one) => one.set === set) ? [removeTableFromSet(set, table)] : []),
        addTableToSet(set, table),
      ]),
    ];
    return {statements, elsewhere};
  },

  async readBroken(source, slots) {
    const sets = await source.run(readReplicationSets());
    return slots.filter((name) => !plannedSets([{name}]).every((set) => sets.some((one) => carriesAll(one, set))));
  },

  async planPassingOver(ctx, slot, table) {
    const target = await ctx.session('target');
    const {role, mayPassOver} = await target.one(readPglogicalTarget(target.version));
    if (mayPassOver)
      return {
        actions: [statementAction(passOver(slot, table), onTarget(ctx)), ...(await planKick(ctx, slot))],
        beginsAnew: true,
      };
    if ((await readOne(ctx, slot)).status === 'down') throw failsAt(slot, table, role);
    return {actions: [], beginsAnew: false};
  },

  async planKnown(ctx, slot, table) {
    const target = await ctx.session('target');
    const {mayPassOver} = await target.one(readPglogicalTarget(target.version));
    return mayPassOver ? [statementAction(passOverNoMore(slot, table), onTarget(ctx))] : [];
  },
};

function onTarget(ctx: StepContext) {
  return {on: 'target', session: async () => ctx.session('target')} as const;
}

/** Where an earlier adoption was ended on its way, what it fails at is the table itself. */
function failsAt(slot: string, table: RelationName, role: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `${slot} is down, and role ${role} may not have it pass over ${formatRelation(table)} until that is copied`,
    remedy: `on the target, as superuser: ${WRITES}; ${allowPassingOver(role)}; then give the command again; where it fails at another table, mend that first (the target's log says which)`,
  });
}
