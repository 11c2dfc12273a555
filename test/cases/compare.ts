import type {Finding} from '../../src/domain/run/finding.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {findClientBin} from '../../src/lab/cluster/server-programs.ts';
import {readMajorOf} from './servers.ts';
import {stateOf} from '../support/longhaul.ts';
import {readCatalog} from './catalog.ts';
import {compareContents, readContents, readSequences, type Contents, type Difference} from './contents.ts';
import {compareObjects, readObjects, readObjectsAsTarget, type DumpOptions} from './objects.ts';
import type {Case} from './try-case.ts';

/** What a plain dump of the lab's source has that no target takes: pglogical, and rights on functions that 10 renamed. */
const OF_THE_LAB = /pglogical|xlog_replay_(?:pause|resume)/;

/** Everything of source and target, and how much it was: `12 tables, 40 objects`. */
export async function compare(
  lab: Lab,
  one: Case,
  findings: readonly Finding[],
): Promise<{differences: Difference[]; compared: string}> {
  const options = {
    tools: await findClientBin(lab.target.bin, 'pg_dump'),
    withoutTablespaces: findings.some(({check}) => check.includes('tablespace')),
  };
  const source = new Map(await readContents(lab.source));
  const target = await readContents(lab.target);
  // The WAL has a sequence up to 32 values ahead, and so has the standby that the load reads.
  for (const [key, value] of await readSequences(lab.replica)) source.set(key, value);
  const objects =
    Number(one.to) > readMajorOf(options.tools) ? await byCatalogs(lab) : await byDumps(lab, one, options);
  const tables = [...source.keys()].filter((key) => key.startsWith('rows of')).length;
  return {
    differences: [...compareContents(source, target), ...objects.differences, ...(await compareCounts(lab, source))],
    compared: `${tables} tables, ${objects.compared}`,
  };
}

interface Compared {
  readonly differences: readonly Difference[];
  readonly compared: string;
}

/** No pg_dump of this machine is new enough for the target. */
async function byCatalogs({source, target}: Lab): Promise<Compared> {
  const here = await readCatalog(source);
  return {
    differences: compareContents(here, await readCatalog(target)),
    compared: `${here.size} objects by the catalogs, for no pg_dump here reads the target's release`,
  };
}

async function byDumps(lab: Lab, one: Case, options: DumpOptions): Promise<Compared> {
  const there = await readObjects(lab.target, options);
  const here = await readObjects(lab.source, options);
  const objects = one.from === one.to ? compareObjects(here, there) : null;
  // What another release writes in other words, and what one reads back in other words, is told by a plain pg_dump | psql.
  const asTarget = objects?.length === 0 ? null : await readObjectsAsTarget(lab, options);
  const best = asTarget === null ? [] : compareObjects(asTarget.objects, there);
  const isBest = objects === null || (asTarget?.refused.length === 0 && best.length < objects.length);
  const refused = (objects === null ? (asTarget?.refused ?? []) : []).filter((line) => !OF_THE_LAB.test(line));
  const aside = refused.length === 0 ? '' : ` (a plain pg_dump | psql itself: ${refused.join('; ')})`;
  return {differences: isBest ? best : objects, compared: `${here.size} objects${aside}`};
}

/** Whether the run says of its units as many rows as there are. */
async function compareCounts(lab: Lab, source: Contents): Promise<Difference[]> {
  const {units} = await stateOf(lab);
  const said = units.reduce(
    (sum, {kind, state}) => sum + (state.status === 'committed' && kind !== 'large-objects' ? state.rows : 0),
    0,
  );
  const there = [...source.values()].reduce((sum, {loadedRows}) => sum + (loadedRows ?? 0), 0);
  return said === there
    ? []
    : [{what: `the run says that ${said} rows are in, and the source has ${there}`, names: []}];
}
