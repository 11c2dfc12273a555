import {printable} from '../../../domain/base/printable.ts';
import {quoteLiteral} from '../../../domain/pg/identifier.ts';
import {nodeObject} from '../../../domain/run/claimed.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readLocalNode} from '../../../pg/replication/pglogical.ts';
import {readPglogical} from '../../../pg/roles/rights.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** Whether the source is somebody else's pglogical node already. */
export async function checkSourceNode(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const [pglogical] = await source.run(readPglogical());
  const [node] = pglogical?.mayUse === true ? await source.run(readLocalNode()) : [];
  if (node === undefined || ctx.state().claimed.includes(nodeObject(node.name))) return [];
  return [
    found('source').warning(
      'node',
      `it is the pglogical node ${printable(node.name)} already: somebody replicates from here, or did`,
      `create-node asks whether to use it; when it is a leftover that nobody replicates from, on the source, as superuser: SELECT pglogical.drop_node(${quoteLiteral(node.name).trim()})`,
    ),
  ];
}
