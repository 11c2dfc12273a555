import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import {
  evaluateOnce,
  readCallingExpressions,
  readUsualSearchPath,
  type CallingExpression,
} from '../../../pg/catalog/called-functions.ts';
import type {Session} from '../../../pg/session/session.ts';
import {routineOf, SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';
import {parseNameList} from '../name-list.ts';

/** For one row each is done in no time; a materialized view that takes longer is left unknown. */
const EACH_MS = 2_000;
const ALL_MS = 30_000;
/** Of class 42, in which names are that are not found: rights that our role has not, and a cast that we have written. */
const NOT_NAMES: ReadonlySet<string> = new Set([SQLSTATE.insufficientPrivilege, '42846']);

/**
 * Functions that find what they use by search_path: with the empty one of a load, a constraint that calls them refuses every row, and an
 * index is not built. So each such expression is evaluated once, on the replica, where nothing can be written.
 */
export async function checkFunctions(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const calling = (await source.run(readCallingExpressions(source.version))).filter((one) =>
    isWanted(one, ctx.config.tables),
  );
  if (calling.length === 0) return [];
  const {path} = await source.one(readUsualSearchPath());
  const replica = await ctx.open('replica', 'functions');
  try {
    const {failed, writing, unlogged, unknown} = await evaluateAll(ctx, replica, calling);
    return [
      ...judgeFunctions(failed, path),
      ...judgeWriting(writing),
      ...judgeUnlogged(unlogged),
      ...judgeUnknown(unknown),
    ];
  } finally {
    await replica.close();
  }
}

/** What came of the expressions; `writing` are those that would have written, `unlogged` those that read an unlogged table, `unknown` those for which the time was not enough. */
interface Evaluated {
  readonly failed: readonly Unevaluable[];
  readonly writing: readonly CallingExpression[];
  readonly unlogged: readonly CallingExpression[];
  readonly unknown: readonly CallingExpression[];
}

/** An expression that cannot be evaluated, and what the server says of it. */
export interface Unevaluable {
  readonly calling: CallingExpression;
  readonly words: string;
}

async function evaluateAll(
  {steady}: StepContext,
  replica: Session,
  calling: readonly CallingExpression[],
): Promise<Evaluated> {
  const end = steady() + ALL_MS;
  const failed: Unevaluable[] = [];
  const writing: CallingExpression[] = [];
  const unlogged: CallingExpression[] = [];
  const unknown: CallingExpression[] = [];
  // Hundreds of partitions have the same expression.
  const known = new Map<string, Failure>();
  for (const one of calling) {
    const key = JSON.stringify([one.kind, one.expression]);
    if (!known.has(key) && steady() < end) known.set(key, await wordsOfFailure(replica, one));
    const words = known.get(key);
    if (words === undefined || words === TOO_LONG) unknown.push(one);
    else if (words === WRITES) writing.push(one);
    else if (words === READS_UNLOGGED) unlogged.push(one);
    else if (words !== null) failed.push({calling: one, words});
  }
  return {failed, writing, unlogged, unknown};
}

const TOO_LONG = Symbol('too long');
const WRITES = Symbol('writes');
const READS_UNLOGGED = Symbol('reads an unlogged table');

/** The server's words, or what of it has none; null where it can be evaluated. */
type Failure = string | typeof TOO_LONG | typeof WRITES | typeof READS_UNLOGGED | null;

/** Only a name that is not found counts: what a row's values lead to is the application's, and rights are not the load's. */
async function wordsOfFailure(replica: Session, calling: CallingExpression): Promise<Failure> {
  try {
    await replica.run(evaluateOnce(calling), {timeoutMs: EACH_MS});
    return null;
  } catch (error) {
    const state = sqlStateOf(error);
    if (!(error instanceof LonghaulError) || state === null) throw error;
    if (state === SQLSTATE.queryCanceled) return TOO_LONG;
    if (state === SQLSTATE.readOnlyTransaction) return WRITES;
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    // A standby has no row of an unlogged table and lets nobody at one. Source: src/backend/optimizer/util/plancat.c
    if (state === SQLSTATE.featureNotSupported && routineOf(error) === 'get_relation_info') return READS_UNLOGGED;
    return /^(?:3F|42)/.test(state) && !NOT_NAMES.has(state) ? cause : null;
  }
}

/** An unlogged table comes to the target without its rows. What reads it through a function is told by this alone: no catalog knows. Pure. */
export function judgeUnlogged(reading: readonly CallingExpression[]): Finding[] {
  const {blocker, warning} = found('source', 'functions');
  const [views = [], others = []] = [true, false].map((is) =>
    reading.filter(({kind}) => (kind === 'materialized view') === is),
  );
  return [
    ...(others.length === 0
      ? []
      : [
          blocker(
            'function-reads-unlogged',
            `these read unlogged tables, which have no rows on the target while rows come in, so that the target refuses rows or computes others: ${namedWith(others)}`,
            'on the source: ALTER TABLE … SET LOGGED for what the functions read (it rewrites the table and lets nobody at it meanwhile), or drop the constraint until the move is over; or leave the table out: tables.exclude',
          ),
        ]),
    ...(views.length === 0
      ? []
      : [
          warning(
            'function-reads-unlogged',
            `these are filled on the target without the rows of the unlogged tables that they read through functions: ${namedWith(views)}`,
            `once these rows are there, on the target: ${[...new Set(views.map((view) => `REFRESH MATERIALIZED VIEW ${quoteRelation(view)}`))].join('; ')}`,
          ),
        ]),
  ];
}

function namedWith(calling: readonly CallingExpression[]): string {
  return listed(
    calling.map(({kind, what, functions}) => printable(`${kind} ${what}, which calls ${functions.join(', ')}`)),
  );
}

/** What was not tried is not known to find what it uses. Pure. */
export function judgeUnknown(unknown: readonly CallingExpression[]): Finding[] {
  if (unknown.length === 0) return [];
  const what = listed(unknown.map((one) => printable(`${one.kind} ${one.what}`)));
  return [
    found('source', 'functions').note(
      'function-unknown',
      `whether these find what they use with an empty search_path is not known, for the time was not enough to evaluate them: ${what}`,
    ),
  ];
}

/** What they write on the target is there beside the rows that are copied: rows that nobody has on the source. Pure. */
export function judgeWriting(writing: readonly CallingExpression[]): Finding[] {
  if (writing.length === 0) return [];
  const what = namedWith(writing);
  return [
    found('source', 'functions').blocker(
      'function-writes',
      `these write when they are evaluated, and so they would on the target, for each row that comes in, beside the rows that are copied: ${what}`,
      'drop the constraint or view on the source (a trigger can write the same, and does not fire for rows that are copied), or leave its table out: tables.exclude',
    ),
  ];
}

/** A row that is refused stops the load; an index that is not built can be mended on the target. Pure. */
export function judgeFunctions(failed: readonly Unevaluable[], path: string): Finding[] {
  const {blocker, warning} = found('source', 'functions');
  const ofRows = failed.filter(({calling: {kind}}) => kind !== 'index' && kind !== 'materialized view');
  const later = failed.filter((one) => !ofRows.includes(one));
  return [
    ...(ofRows.length === 0
      ? []
      : [
          blocker(
            'function-search-path',
            `while rows are loaded search_path is empty, and these then do not find what they use: ${inWords(ofRows)}`,
            remedyFor(ofRows, path),
          ),
        ]),
    ...(later.length === 0
      ? []
      : [
          warning(
            'function-search-path',
            `while indexes are built and views are filled search_path is empty, and these then do not find what they use: ${inWords(later)}. They are tried again with the database's own search_path, which a server from 17 on ignores there`,
            remedyFor(later, path),
          ),
        ]),
  ];
}

function inWords(failed: readonly Unevaluable[]): string {
  return listed(
    failed.map(({calling: {kind, what, functions}, words}) =>
      printable(`${kind} ${what}, which calls ${functions.join(', ')}: ${words}`),
    ),
  );
}

function remedyFor(failed: readonly Unevaluable[], path: string): string {
  const alter = failed.flatMap(({calling: {functions, ofExtensions, functionSchema}}) =>
    functions
      .filter((name) => !ofExtensions.includes(name))
      .map((name) => `ALTER FUNCTION ${name} SET search_path = ${pathOf(functionSchema, path)}`),
  );
  const others = [...new Set(failed.flatMap(({calling}) => calling.ofExtensions))];
  // All of them: whoever carries it out comes to no end of `…`.
  const own = `on the source, as superuser: ${[...new Set(alter)].join('; ')}; this changes nothing for those who have that search_path anyway (a function in SQL is no longer inlined)`;
  const wrapped = `an extension makes ${others.join(', ')} anew on the target, where an ALTER of the source does not come: call it through a function of your own that has SET search_path = ${pathOf(failed[0]?.calling.functionSchema ?? '', path)}, or leave the table out: tables.exclude`;
  return [...(alter.length === 0 ? [] : [own]), ...(others.length === 0 ? [] : [wrapped])].join('; ');
}

function pathOf(own: string, usual: string): string {
  const names = [own, ...parseNameList(usual)].filter((name) => name !== '$user' && name !== '');
  return [...new Set(names)].map((name) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name))).join(', ');
}
