import type {Finding} from '../../../domain/run/finding.ts';
import {printable} from '../../../domain/base/printable.ts';
import {readLeftBehind, type LeftBehindRow} from '../../../pg/load/left-behind.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';

/** What of the source does not come along, said before it is missed. */
export async function checkLeftBehind(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  return judgeLeftBehind(await source.run(readLeftBehind(source.version)));
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
