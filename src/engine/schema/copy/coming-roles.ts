import {readRoles} from '../../../pg/roles/roles.ts';
import {readIfThere} from '../../run/run-folder.ts';
import type {StepContext} from '../../step.ts';

/** Whether a plan is made before copy-globals and copy-schema have done their part: it shows what there will be once they have. */
export interface Foreseeing {
  readonly foreseen: boolean;
}

/** Whether the schema was not copied yet, so that whoever plans what comes after it has to foresee its roles and tables. */
export async function isForeseen(ctx: Pick<StepContext, 'folder'>): Promise<boolean> {
  return (await readIfThere(ctx.folder.manifest)) === null;
}

/** The roles that copy-globals will have made on the target, with our memberships in them; none where nothing is to be foreseen. */
export async function readComingRoles(ctx: StepContext, {foreseen}: Foreseeing): Promise<string[]> {
  if (!foreseen) return [];
  const source = await ctx.session('source');
  const own = ctx.config.servers.target.params['user'];
  return (await source.run(readRoles(source.version))).map(({role}) => role).filter((role) => role !== own);
}
