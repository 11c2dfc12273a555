import type {Config} from '../../../config/config.ts';
import {printable} from '../../../domain/base/printable.ts';
import {createNode as createNodeStatement, dropNode, readLocalNode} from '../../../pg/replication/pglogical.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {claimedNodes, nodeObject} from '../../../domain/run/claimed.ts';
import {readInstalled} from './read-installed.ts';
import {claimFirst} from '../../claim-first.ts';
import type {Action} from '../../action.ts';
import {executeAll, statementAction} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Makes the source a pglogical node, which its replication sets hang on. */
export const createNode: Step<'create-node'> = {
  id: 'create-node',
  phase: 'anchor',
  title: 'create the pglogical node',
  why: 'replication sets belong to a node; without one there is nothing to put tables in',
  source: 'runbook, step 2',
  confirm: 'no',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const source = await ctx.session('source');
    const [node] = await source.run(readLocalNode());
    if (node === undefined) return {done: null, findings: []};
    const evidence = {node: node.name};
    const state = ctx.state();
    const known = state.claimed.includes(nodeObject(node.name)) || wasTaken(state.steps);
    if (known) return {done: evidence, findings: []};
    return {
      done: null,
      findings: [],
      question: `The source is already the pglogical node ${printable(node.name)}, made by somebody else. Use it as it is? Our replication sets are added to it; abort will not drop it.`,
    };
  },

  plan: async (ctx) => planNode(ctx, await readNode(ctx)),

  async run(ctx) {
    const there = await readNode(ctx);
    await executeAll(planNode(ctx, there));
    return {node: there ?? ctx.config.cdc.nodeName, madeByUs: there === null};
  },

  async undo(ctx) {
    const {claimed} = ctx.state();
    // A source that has no pglogical, or is away, has nothing of a run that made nothing there.
    const name = claimedNodes(claimed).length === 0 ? null : await readNode(ctx);
    if (name === null || !claimed.includes(nodeObject(name))) return {droppedNode: null};
    await (await ctx.session('source')).run(dropNode(name));
    return {droppedNode: name};
  },
};

/** The name of the node that is there; null without one. */
async function readNode(ctx: StepContext): Promise<string | null> {
  const [node] = await readInstalled(await ctx.session('source'), readLocalNode());
  return node?.name ?? null;
}

function planNode(ctx: StepContext, there: string | null): Action[] {
  if (there !== null) return [];
  const name = ctx.config.cdc.nodeName;
  const create = statementAction(createNodeStatement(name, nodeDsn(ctx.config)), {
    on: 'source',
    session: async () => ctx.session('source'),
  });
  return [claimFirst(ctx, [nodeObject(name)], create)];
}

type Steps = ReturnType<Parameters<Step['check']>[0]['state']>['steps'];

/** Whether the operator has already said that somebody else's node is to be used. */
function wasTaken(steps: Steps): boolean {
  return steps.some((step) => step.id === 'create-node' && step.state.status === 'done');
}

/** The dsn as the catalog will hold it, in clear, for everybody who may read pglogical.node_interface: no password. */
function nodeDsn(config: Config): string {
  if (config.cdc.nodeDsn !== null) return config.cdc.nodeDsn;
  const params = config.servers.source.params;
  return ['host', 'port', 'dbname', 'user']
    .flatMap((key) =>
      params[key] === undefined ? [] : [`${key}='${params[key].replaceAll(/['\\]/g, String.raw`\$&`)}'`],
    )
    .join(' ');
}
