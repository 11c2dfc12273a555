import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {Lsn} from '../../../domain/pg/lsn.ts';
import {formatRelation, quoteRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {newSlots} from '../../../domain/reading/slots-away.ts';
import {claimedPublications, publicationObject} from '../../../domain/run/claimed.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {
  createPublication,
  dropPublication,
  readPublishable,
  readPublications,
  type Publication,
  type PublishedRow,
} from '../../../pg/capture/publications.ts';
import {sentinelTable} from '../../../pg/capture/sentinels.ts';
import {readPrimaryPosition, readSlots} from '../../../pg/replication/slots.ts';
import type {Action} from '../../action.ts';
import {claimFirst} from '../../claim-first.ts';
import {executeAll, remark, showStatement} from '../../make-action.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {checkTablesChange} from '../../plan/tables-now.ts';
import {checkAfterLoad, isBehindP} from '../../run/needs.ts';
import type {Step, StepContext} from '../../step.ts';
import {patiently, TRIES} from '../../waiting/patiently.ts';
import {readPlannedNow} from '../guard/slots-there.ts';
import {wantedPublications} from './wanted-publications.ts';

/** Publishes the tables of each slot; before the slots, or they fail at the first older change. */
export const createPublications: Step<'create-publications'> = {
  id: 'create-publications',
  phase: 'anchor',
  title: 'create the publications',
  why: 'a slot that is older than its publication fails at the first change and never gets past it; a table that is in none is not captured',
  source: 'facts/cdc.md, §2.1',
  confirm: 'typed',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const seen = await readSeen(ctx);
    const known = ctx.state().evidence['create-publications']?.afterTablesLsn;
    if (known !== undefined && isBehindP(ctx, 'create-publications'))
      return {done: await evidence(ctx, seen, known), findings: []};
    const findings = [
      ...(await checkTablesChange(ctx, 'create-publications')),
      ...(await judgeSentinels(ctx)),
      ...judgePublications(seen, ctx.state().claimed),
      ...judgeOlderSlots(seen, ctx.config.run),
    ];
    const isWhole = seen.missing.length === 0 && findings.length === 0;
    return {
      done: isWhole && known !== undefined ? await evidence(ctx, seen, known) : null,
      findings: [
        ...findings,
        ...seen.insertOnly.map((table): Finding => ({
          check: 'create-publications.no-identity',
          severity: 'note',
          subject: formatRelation(table),
          seen: 'has no replica identity: its inserts are captured, its updates and deletes are not',
          remedy: '',
        })),
      ],
    };
  },

  plan: planPublications,

  async run(ctx) {
    await executeAll(await planPublications(ctx));
    return evidence(ctx, await readSeen(ctx), null);
  },

  async undo(ctx) {
    const names = claimedPublications(ctx.state().claimed);
    if (names.length === 0) return {droppedPublications: []};
    const source = await ctx.session('source');
    const there = new Set((await source.run(readPublications(names))).map(({publication}) => publication));
    for (const name of there) await source.run(dropPublication(name));
    return {droppedPublications: [...there]};
  },
};

interface Seen {
  readonly wanted: readonly Publication[];
  readonly rows: readonly PublishedRow[];
  readonly missing: readonly Publication[];
  readonly insertOnly: readonly RelationName[];
  /** Behind P a table may be called otherwise than in the plan. */
  readonly mayHaveMore: boolean;
  /** Those of the planned slots that are there already. */
  readonly slots: readonly string[];
}

async function readSeen(ctx: StepContext): Promise<Seen> {
  const source = await ctx.session('source');
  const {slots} = await readPlannedNow(ctx, (await readPlan(ctx)).slots.slots);
  const {publications: wanted, insertOnly} = wantedPublications(slots, await source.run(readPublishable()));
  const rows = await source.run(readPublications(wanted.map(({name}) => name)));
  const there = new Set(rows.map(({publication}) => publication));
  const planned = slots.map(({name}) => name);
  return {
    wanted,
    rows,
    missing: wanted.filter(({name}) => !there.has(name)),
    insertOnly,
    mayHaveMore: ctx.state().boundaryProved,
    slots: (await source.run(readSlots(source.version))).map(({name}) => name).filter((name) => planned.includes(name)),
  };
}

async function planPublications(ctx: StepContext): Promise<Action[]> {
  const source = await ctx.session('source');
  const {missing} = await readSeen(ctx);
  const objects = missing.map(({name}) => publicationObject(name));
  return missing.map((publication, done) => {
    const statement = createPublication(publication, source.version);
    const wait = {what: `publication ${publication.name}`, done, total: missing.length} as const;
    return claimFirst(ctx, objects, {
      on: 'source',
      text: remark(
        `again, up to ${TRIES} times in all, while a table's lock cannot be taken`,
        showStatement(statement),
      ),
      execute: async () => {
        await ctx.record({type: 'step.progressed', step: 'create-publications', ...wait});
        await patiently(ctx, {...wait, step: 'create-publications', on: 'source'}, statement);
      },
    });
  });
}

/** A slot fails at the first change that is older than one of its publications, and never gets past it. Pure. */
export function judgeOlderSlots({missing, slots}: Pick<Seen, 'missing' | 'slots'>, run: string): Finding[] {
  if (slots.length === 0) return [];
  return missing.map(({name}) => ({
    check: 'create-publications.gone',
    severity: 'blocker',
    subject: publicationObject(name),
    seen: 'somebody has dropped it, and the slots are older than one that would be made now',
    remedy: newSlots(run),
  }));
}

/** A publication that has one of our names and not our tables, or that would keep an application from its updates. Pure. */
export function judgePublications(
  {wanted, rows, mayHaveMore = false}: Pick<Seen, 'wanted' | 'rows'> & Partial<Pick<Seen, 'mayHaveMore'>>,
  claimed: readonly string[],
): Finding[] {
  return wanted.flatMap(({name, tables, insertsOnly}) => {
    const own = rows.filter(({publication}) => publication === name);
    if (own.length === 0) return [];
    const wrong =
      (!claimed.includes(publicationObject(name)) && 'was there before this run') ||
      (insertsOnly && own.some(({updates}) => updates) && 'publishes updates of tables without replica identity') ||
      (!hasTables(own, tables, mayHaveMore) && 'does not have the tables of the plan');
    if (wrong === false) return [];
    return [
      {
        check: 'create-publications.taken',
        severity: 'blocker',
        subject: publicationObject(name),
        seen: `${name} ${wrong}`,
        remedy: `set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as its owner: DROP PUBLICATION ${quoteIdentifier(name)}`,
      },
    ];
  });
}

function hasTables(rows: readonly PublishedRow[], tables: readonly RelationName[], mayHaveMore: boolean): boolean {
  const there = rows.flatMap(({schema, table}) =>
    schema === null || table === null ? [] : [quoteRelation({schema, name: table})],
  );
  return (
    (mayHaveMore || there.length === tables.length) && tables.every((table) => there.includes(quoteRelation(table)))
  );
}

/** A sentinel that goes through another slot would tell of that one. */
async function judgeSentinels(ctx: StepContext): Promise<Finding[]> {
  return (await readPlan(ctx)).slots.slots.flatMap(({name, tables}): Finding[] =>
    tables.some((table) => sameRelation(table, sentinelTable(name)))
      ? []
      : [
          {
            check: 'create-publications.sentinel',
            severity: 'blocker',
            subject: `slot ${name}`,
            seen: `its sentinel, ${formatRelation(sentinelTable(name))}, is not among its tables`,
            remedy: `put it there in plan.yaml; or make the plan anew: longhaul plan --fresh`,
          },
        ],
  );
}

/** A: every publication was committed before this position, and so before every slot. */
async function evidence(ctx: StepContext, seen: Seen, known: Lsn | null): Promise<Evidence<'create-publications'>> {
  const source = await ctx.session('source');
  const {insertLsn, clock} = await source.one(readPrimaryPosition(source.version));
  return {
    publications: seen.wanted.map(({name}) => name),
    afterTablesLsn: known ?? insertLsn,
    clock,
    insertOnly: seen.insertOnly.map((table) => formatRelation(table)),
  };
}
