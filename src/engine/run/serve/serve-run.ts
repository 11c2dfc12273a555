import type {Command, Reply} from '../../../domain/run/command.ts';
import type {Reading} from '../../../domain/reading/reading.ts';
import type {TrendsHeard} from '../../../probes/out/trends-heard.ts';
import {laneFolderName} from '../../load/host/lane-name.ts';
import {toldBy} from '../../told/told-file.ts';
import {failedConfig, readUntold, withUntold, type Untold} from '../../told/untold.ts';
import {join} from 'node:path';
import type {ServerMessage} from '../../wire/protocol.ts';
import {PROTOCOL} from '../../wire/protocol.ts';
import {startWireServer, type WireServer} from '../../wire/server.ts';
import {handleCommand} from '../commands.ts';
import type {RunControl} from './run-control.ts';
import {answerPlan} from '../planned.ts';
import type {RunContext} from '../run-context.ts';
import {runFacts} from '../run-facts.ts';
import type {RunStore} from '../run-store.ts';
import type {SupervisorOptions} from './supervisor-options.ts';

type Served = Pick<SupervisorOptions, 'config' | 'folder' | 'readConfig' | 'steps' | 'tools'>;

/** What longhaul.yaml and plan.yaml say by now that this supervisor does not go by. */
async function readChanged({config, folder, readConfig}: Served, store: RunStore): Promise<readonly Untold[]> {
  const now = await readConfig().catch((error: unknown) => failedConfig(error));
  return readUntold({config: now, folder, state: store.state(), told: toldBy(config, process.pid)});
}

/** What is served from. */
interface Serving {
  readonly ctx: RunContext;
  readonly store: RunStore;
  readonly options: Served;
  readonly walk: RunControl;
  readonly readings: ReadonlyMap<string, Reading>;
  readonly trends: TrendsHeard;
}

/** Opens the run's socket: what the consoles and commands on it are told, and how their commands are taken. */
export async function startServer({ctx, store, options, walk, readings, trends}: Serving): Promise<WireServer> {
  const snapshot = (): ServerMessage => ({
    type: 'snapshot',
    state: store.state(),
    events: store.recent(),
    readings: [...readings.values()],
    trends: trends.kept(),
  });
  const command = async (order: Command, who: string): Promise<Reply> =>
    // What cannot be journalled is refused, not kept waiting for.
    handleCommand(ctx, walk, {command: order, who});
  return startWireServer(options.folder.socket, {
    hello: () => ({type: 'hello', protocol: PROTOCOL, pid: process.pid, facts: runFacts(options)}),
    snapshot,
    command,
    plan: async (order) => withUntold(await answerPlan(ctx, options.steps, order), await readChanged(options, store)),
    trace: ctx.trace,
    readLog: async (id, from) => {
      const unit = store.state().units.find((one) => one.id === id);
      if (unit === undefined || unit.state.status === 'queued') return null;
      const {attempt} = unit.state;
      const piece = await ctx.lanes.host.readPiece(
        join(options.folder.lanes, laneFolderName(id, attempt)),
        'log',
        from,
      );
      return {...piece, attempt};
    },
  });
}
