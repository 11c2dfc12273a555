import {counted} from '../../../domain/base/units.ts';
import {resolve} from 'node:path';
import {Command} from 'commander';
import {isoTime} from '../../../domain/base/iso-time.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {withoutRows} from '../../../domain/base/without-rows.ts';
import {collect} from '../../../engine/doctor/collect.ts';
import {runPreflight} from '../../../engine/preflight/run-preflight.ts';
import {isFolder} from '../../../engine/run/run-folder.ts';
import {isListening} from '../../../engine/wire/probe-socket.ts';
import {PROTOCOL} from '../../../engine/wire/protocol.ts';
import {packInto} from './pack-into.ts';
import {openRun, type Env, type OpenRun} from '../../run/open-run.ts';
import {readOnlyContext} from '../../run/read-only-context.ts';
import {readVersion} from '../../version.ts';
import {say} from '../../say.ts';

/** How long all that preflight asks may take here: a bug report is also wanted of servers that hang. */
const CHECK_MS = 120_000;

/** `longhaul doctor`: one file with what a bug report needs, without secrets and rows. Changes nothing but that file. */
export function doctorCommand(env: Env): Command {
  return new Command('doctor')
    .description('pack what a report of a problem needs into one file: no password and no row of a table is in it')
    .option('-o, --output <file>', 'where to write it (default: in this folder, named after the run and the time)')
    .option('--no-check', 'do not ask the servers')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<{config: string; output?: string; check: boolean}>();
      const run = await openRun(flags.config, env);
      await mustHaveFolder(run);
      const path = resolve(flags.output ?? defaultName(run));
      const files = await collect({
        ...run,
        now: Date.now,
        more: {'versions.json': await versions(run), 'check.json': flags.check ? await findings(run, env) : ''},
      });
      await packInto(path, files, 'name another file: longhaul doctor --output FILE');
      say(
        run,
        `${path} is written: ${counted(files.length, 'file')} (tar tzf lists them). Passwords and rows are left out; names are not: read it before you send it.`,
      );
    });
}

async function mustHaveFolder({config, folder}: OpenRun): Promise<void> {
  if (await isFolder(folder.path)) return;
  throw new LonghaulError({
    code: 'usage',
    message: `run ${config.run} has no run folder yet: there is no ${folder.path}`,
    remedy: 'longhaul check says what is wrong before a run; longhaul plan or longhaul run makes the folder',
  });
}

function defaultName({config}: OpenRun): string {
  return `longhaul-doctor-${config.run}-${isoTime(Date.now()).replaceAll(/[-:]|\.\d+/g, '')}.tar.gz`;
}

async function versions({folder}: OpenRun): Promise<string> {
  const listens = await isListening(folder.socket);
  return `${JSON.stringify({longhaul: readVersion(), protocol: PROTOCOL, supervisorListens: listens}, null, 2)}\n`;
}

/** What check finds now, or why it finds nothing. */
async function findings(run: OpenRun, env: Env): Promise<string> {
  return `${JSON.stringify(await askServers(run, env), (_, value: unknown) => (typeof value === 'string' ? withoutRows(value) : value), 2)}\n`;
}

async function askServers(run: OpenRun, env: Env): Promise<Readonly<Record<string, unknown>>> {
  try {
    const ctx = await readOnlyContext(run, env);
    const late = setTimeout(() => void ctx.close(), CHECK_MS).unref();
    try {
      return {tools: ctx.tools, findings: await runPreflight(ctx)};
    } finally {
      clearTimeout(late);
      await ctx.close();
    }
  } catch (error) {
    return {notChecked: error instanceof Error ? error.message : String(error)};
  }
}
