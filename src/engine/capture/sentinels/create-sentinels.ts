import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {claimedSentinels, sentinelObject} from '../../../domain/run/claimed.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {
  createSentinel,
  createSentinelSchema,
  dropSentinel,
  dropSentinelSchema,
  readSentinelTables,
  SENTINEL_SCHEMA,
  sentinelTable,
} from '../../../pg/capture/sentinels.ts';
import type {Action} from '../../action.ts';
import {claimFirst} from '../../claim-first.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {executeAll, statementAction} from '../../make-action.ts';
import {namesOfSlots} from '../../plan/plan-slots.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import type {Step, StepContext} from '../../step.ts';

/** Makes a tiny table on the source for every slot, before the inventory, so that it is carried as every table is. */
export const createSentinels: Step<'create-sentinels'> = {
  id: 'create-sentinels',
  phase: 'prepare',
  title: "create the sentinels' tables on the source",
  why: 'a row that Longhaul writes itself, and that must come to the target once, is the only proof from end to end that a slot is captured, and how late',
  source: 'facts/cdc.md, §4',
  confirm: 'typed',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const tables = await readTables(ctx);
    const findings = [...judgeScope(ctx), ...judgeForeign(tables, ctx.state().claimed)];
    const isWhole = namesOf(ctx).every((slot) => tables.some(({name}) => name === slot));
    return {done: isWhole && findings.length === 0 ? {tables: namesOf(ctx)} : null, findings};
  },

  plan: planSentinels,

  async run(ctx) {
    await executeAll(await planSentinels(ctx));
    return {tables: namesOf(ctx)};
  },

  async undo(ctx) {
    const names = claimedSentinels(ctx.state().claimed);
    if (names.length === 0) return {droppedSentinels: []};
    const source = await ctx.session('source');
    for (const name of names) await source.run(dropSentinel(name));
    // Whatever else somebody has put there keeps it. Those on the target stay with its schema, for the next run.
    if ((await readTables(ctx)).length === 0) await source.run(dropSentinelSchema());
    return {droppedSentinels: names};
  },
};

function namesOf({config}: StepContext): string[] {
  return namesOfSlots(config.slots);
}

async function readTables(ctx: StepContext): Promise<{name: string; isOurs: boolean}[]> {
  return (await ctx.session('source')).run(readSentinelTables());
}

async function planSentinels(ctx: StepContext): Promise<Action[]> {
  const there = new Set((await readTables(ctx)).map(({name}) => name));
  const missing = namesOf(ctx).filter((name) => !there.has(name));
  if (missing.length === 0) return [];
  const how = {on: 'source', session: async () => ctx.session('source')} as const;
  const objects = missing.map((name) => sentinelObject(name));
  return [createSentinelSchema(), ...missing.map((name) => createSentinel(name))].map((statement) =>
    claimFirst(ctx, objects, statementAction(statement, how)),
  );
}

/** What is left out of the move is left out with its sentinels, and nothing would tell that changes arrive. */
function judgeScope({config}: StepContext): Finding[] {
  const left = namesOfSlots(config.slots).filter((name) => !isWanted(sentinelTable(name), config.tables));
  if (left.length === 0) return [];
  return [
    {
      check: 'create-sentinels.scope',
      severity: 'blocker',
      subject: `schema ${SENTINEL_SCHEMA}`,
      seen: `tables of longhaul.yaml leaves the sentinels' tables out: ${left.join(', ')}`,
      remedy: `add ${SENTINEL_SCHEMA} to tables.include_schemas, or its tables to tables.include`,
    },
  ];
}

/** Pure. */
export function judgeForeign(
  tables: readonly {readonly name: string; readonly isOurs: boolean}[],
  claimed: readonly string[],
): Finding[] {
  return tables
    .filter(({name, isOurs}) => !isOurs || !claimed.includes(sentinelObject(name)))
    .map(({name}) => ({
      check: 'create-sentinels.taken',
      severity: 'blocker',
      subject: `table ${SENTINEL_SCHEMA}.${name}`,
      seen: 'it was there before this run',
      remedy: `when no other run needs it, on the source, as its owner: DROP SCHEMA ${quoteIdentifier(SENTINEL_SCHEMA)} CASCADE`,
    }));
}
