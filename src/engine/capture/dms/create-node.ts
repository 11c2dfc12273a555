import type {Config} from '../../../config/config.ts';
import {printable} from '../../../domain/base/printable.ts';
import {createNode as createNodeStatement, dropNode, readLocalNode} from '../../../pg/replication/pglogical.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {nodeObject} from '../../../domain/run/claimed.ts';
import type {Step} from '../../step.ts';

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

  async statements(ctx) {
    return [{on: 'source', action: renderStatement(createNodeStatement(ctx.config.cdc.nodeName, nodeDsn(ctx.config)))}];
  },

  async run(ctx) {
    const source = await ctx.session('source');
    const [there] = await source.run(readLocalNode());
    if (there !== undefined) return {node: there.name, madeByUs: false};
    const name = ctx.config.cdc.nodeName;
    await ctx.record({type: 'objects.claimed', objects: [nodeObject(name)]});
    await source.run(createNodeStatement(name, nodeDsn(ctx.config)));
    return {node: name, madeByUs: true};
  },

  async undo(ctx) {
    const source = await ctx.session('source');
    const [node] = await source.run(readLocalNode());
    if (node === undefined || !ctx.state().claimed.includes(nodeObject(node.name))) return {droppedNode: null};
    await source.run(dropNode(node.name));
    return {droppedNode: node.name};
  },
};

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
