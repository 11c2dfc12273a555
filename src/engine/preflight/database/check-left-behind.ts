import type {Finding} from '../../../domain/run/finding.ts';
import {printable} from '../../../domain/base/printable.ts';
import {readLeftBehind, type LeftBehindRow} from '../../../pg/load/left-behind.ts';
import {readImpliedOperators, type ImpliedOperator} from '../../../pg/objects/implied-operators.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import type {StepContext} from '../../step.ts';
import {found, listed, listedOut} from '../found.ts';

/** What of the source does not come along, said before it is missed. */
export async function checkLeftBehind(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const implied = (await source.run(readImpliedOperators(source.version))).filter(({schema}) =>
    isSchemaWanted(schema, ctx.config.tables),
  );
  return [...judgeLeftBehind(await source.run(readLeftBehind(source.version))), ...judgeImplied(implied)];
}

const WORDS: Readonly<Record<LeftBehindRow['kind'], string>> = {
  'event trigger': 'event triggers want a superuser and stay behind',
  publication: 'publications stay behind: make them on the target where it is to publish',
  subscription: 'subscriptions stay behind: on the target they would begin to apply',
  language: 'languages that no extension has brought stay behind',
  'security label': 'security labels want the provider of the source and stay behind',
  comment: 'comments on what the target makes itself are not copied',
  'default privileges': "a superuser's default privileges are not Longhaul's to set on the target",
  privileges:
    "privileges on what a superuser owns are not Longhaul's to set on the target: the run asks for them after the load",
  'system privileges':
    'privileges on what every server has of its own are not copied: who wants them on the target gives them there',
  'setting privileges':
    'privileges to set these parameters (GRANT … ON PARAMETER) are not copied: only who may give them there does',
  'goes with': 'that an index or a trigger goes with an extension is not copied; on the target, after the load',
  database: 'what the database itself is marked as is not copied',
  superuser: "what a superuser owns becomes that of Longhaul's role on the target",
};

/** Pure. */
export function judgeLeftBehind(rows: readonly LeftBehindRow[]): Finding[] {
  const {note} = found('source', 'objects');
  return Object.entries(WORDS).flatMap(([kind, words]) => {
    const names = [...new Set(rows.filter((row) => row.kind === kind).map(({name}) => printable(name)))];
    return names.length === 0
      ? []
      : [note(kind === 'superuser' ? 'superuser-owned' : 'left-behind', `${words}: ${listed(names)}`)];
  });
}

/** What is restored with an empty search_path gets another operator, or none: the rehearsal tells of those that are refused, and nobody of those that are not. Pure. */
export function judgeImplied(implied: readonly ImpliedOperator[]): Finding[] {
  const [first] = implied;
  if (first === undefined) return [];
  const {warning} = found('source', 'objects');
  const words = implied.map(({kind, what, operator}) => printable(`${kind} ${what}, ${operator}`));
  return [
    warning(
      'operators-by-search-path',
      `IS DISTINCT FROM, NULLIF, CASE … WHEN, JOIN USING and NATURAL JOIN find their operator by search_path, and no dump can write it with its schema: on the target, where that is empty, these are refused, or take another one without a word (for citext that of text, which tells capitals from small letters): ${listedOut(words)}`,
      `on the source, write the operator instead, as in NOT (a ${written(first)} b) and in JOIN … ON (a ${written(first)} b); or make them anew on the target after the load, with the search_path of the source, and compare what they do: compare-objects sees no difference`,
    ),
  ];
}

/** `public.=(…)` as it is written in an expression. */
function written({operator}: ImpliedOperator): string {
  return `OPERATOR(${printable(operator.replace(/\(.*$/s, ''))})`;
}
