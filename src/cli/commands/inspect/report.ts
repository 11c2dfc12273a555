import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Command} from 'commander';
import {isoTime} from '../../../domain/base/iso-time.ts';
import {formatReport} from '../../../report/format-report.ts';
import {readJournal} from '../../../engine/run/journal.ts';
import {openRun, type Env, type OpenRun} from '../../run/open-run.ts';

/** `longhaul report`: the run as a document, from its journal; works with the supervisor dead. */
export function reportCommand(env: Env): Command {
  return new Command('report')
    .description('the run as a document in Markdown: steps, P, load, comparison, findings')
    .option('--save', 'write it into the run folder and print its path')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<{config: string; save?: boolean}>();
      const run = await openRun(flags.config, env);
      if (flags.save === true) console.log(await saveReport(run));
      else process.stdout.write(await makeReport(run));
    });
}

/** Writes the report as it stands beside the journal and gives its path. */
export async function saveReport(run: OpenRun): Promise<string> {
  const path = join(run.folder.path, 'report.md');
  await writeFile(path, await makeReport(run), {mode: 0o600});
  return path;
}

async function makeReport({folder}: OpenRun): Promise<string> {
  return formatReport(await readJournal(folder.journal), {at: isoTime(Date.now())});
}
