import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {isoTime} from '../../../domain/base/iso-time.ts';
import {Command, Option} from 'commander';
import {describeConninfo} from '../../../config/conninfo/conninfo.ts';
import {readJournal} from '../../../engine/run/journal.ts';
import {formatReport} from '../../../report/format-report.ts';
import {readBack} from '../../../probes/out/readings-file.ts';
import {reportOf, type ReportFacts} from '../../../report/report-data.ts';
import {openRun, type Env, type OpenRun} from '../../run/open-run.ts';
import {withConfig} from '../../say.ts';
import {writeArchive} from './archive.ts';

/** How a report is written, by the ending of its file. */
type Format = 'md' | 'json' | 'html';

interface ReportFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly html?: boolean;
  readonly save?: boolean;
  readonly archive?: boolean;
  readonly output?: string;
}

/** `longhaul report`: the run as a document, from its journal; works with the supervisor dead. */
export function reportCommand(env: Env): Command {
  return new Command('report')
    .description('the run as a document: figures, what to do next, steps, P, load, comparison, findings; in Markdown')
    .option('--json', 'the same as JSON')
    .option('--html', 'the same as one page with charts, which needs no network')
    .option('--save', 'write it into the run folder and print its path')
    .option('--archive', 'the whole run in one tar.gz: report, journal, plan and evidence, without passwords and rows')
    .addOption(
      new Option(
        '-o, --output <file>',
        'where the archive is written (default: in this folder, named after the run and the time)',
      ).implies({archive: true}),
    )
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<ReportFlags>();
      const run = await openRun(flags.config, env);
      if (flags.archive === true) {
        await writeArchive(run, factsOf(run), flags.output);
        return;
      }
      const format = flags.json === true ? 'json' : flags.html === true ? 'html' : 'md';
      if (flags.save === true) console.log(await saveReport(run, format));
      else process.stdout.write(await makeReport(run, format));
    });
}

/** Writes the report of this moment beside the journal and gives its path. */
export async function saveReport(run: OpenRun, format: Format = 'md'): Promise<string> {
  const path = join(run.folder.path, `report.${format}`);
  await writeFile(path, await makeReport(run, format), {mode: 0o600});
  return path;
}

function factsOf({config}: OpenRun): ReportFacts {
  const {source, replica, target} = config.servers;
  return {
    at: isoTime(Date.now()),
    servers: {source: describeConninfo(source), replica: describeConninfo(replica), target: describeConninfo(target)},
  };
}

async function makeReport(run: OpenRun, format: Format): Promise<string> {
  const journal = await readJournal(run.folder.journal);
  const report = reportOf(journal, factsOf(run));
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'md':
      return withConfig(run, formatReport(report));
    case 'html': {
      // Its charts are a large package, which nobody else needs.
      const {formatPage} = await import('../../../report/html/page.ts');
      const readings = await readBack(run.folder.readings);
      return formatPage(report, {journal, readings, complete: (text) => withConfig(run, text)});
    }
  }
}
