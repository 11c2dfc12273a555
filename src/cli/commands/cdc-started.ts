import {Command, Option} from 'commander';
import type {Reply} from '../../domain/run/command.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {sayCdcStarted} from '../../engine/prove/cdc-started.ts';
import {createContext} from '../../engine/run/run-context.ts';
import {openRunStore} from '../../engine/run/run-store.ts';
import {readVersion} from '../version.ts';
import {NO_TOOLS} from '../../engine/tools/tools.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {BUSY, busy, mustHoldLock, underLock} from '../supervisor/launch-supervisor.ts';
import {mustBeMeant} from '../run/must-be-meant.ts';
import {openRun, whoAmI, type Env, type OpenRun} from '../run/open-run.ts';
import {ask} from '../supervisor/send.ts';
import {say} from '../say.ts';

interface CdcStartedFlags {
  readonly config: string;
  readonly yes?: string;
  readonly locked?: boolean;
}

/** `longhaul cdc-started`: the operator's word that change capture reads the slots. Works with the supervisor dead. */
export function cdcStartedCommand(env: Env): Command {
  return new Command('cdc-started')
    .description('say that change capture has begun at P: from now on its slots may move past P')
    .option('--yes <run>', "the run's name")
    .addOption(new Option('--locked').hideHelp())
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<CdcStartedFlags>();
      const run = await openRun(flags.config, env);
      mustBeMeant(run, {
        yes: flags.yes,
        nothingDone: `nothing was recorded; once it is, no alarm is raised when a slot of run ${run.config.run} moves past P`,
        again: ['cdc-started'],
      });
      const typed = run.config.run;
      if (flags.locked === true) {
        await mustHoldLock(run);
        tell(run, await sayNow(run, typed, env));
      } else if (await isListening(run.folder.socket)) {
        tell(run, await ask(run, 'command line', {type: 'cdc-started', typed}));
      } else {
        const code = await underLock(run, ['cdc-started', '--locked', '--yes', typed], {env, shown: true});
        if (code === BUSY) throw await busy(run);
        process.exitCode = code;
      }
    });
}

function tell(run: OpenRun, reply: Reply): void {
  if (!reply.ok) throw new LonghaulError({code: 'failed', message: reply.message, remedy: reply.remedy});
  say(run, printable(reply.message));
}

/** Without a supervisor, under the run's lock. */
async function sayNow({config, folder}: OpenRun, typed: string, env: Env): Promise<Reply> {
  const store = await openRunStore(folder.journal, {now: Date.now, version: readVersion()});
  const signal = new AbortController().signal;
  const ctx = createContext({config, folder, tools: NO_TOOLS, store, env, signal, now: store.now, readOnly: true});
  try {
    return await sayCdcStarted(ctx, typed, whoAmI('command line'));
  } finally {
    await ctx.close();
    await store.close();
  }
}
