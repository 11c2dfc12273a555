import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {isoTime} from '../../../domain/base/iso-time.ts';
import {Command, Option} from 'commander';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {describeConninfo} from '../../../config/conninfo/conninfo.ts';
import {readJournal} from '../../../engine/run/journal.ts';
import {runFolderAt} from '../../../engine/run/run-folder.ts';
import {attemptsOf} from '../../../report/attempts/attempts.ts';
import {formatAttempts} from '../../../report/attempts/format-attempts.ts';
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
  readonly attempts?: true | string[];
}

/** `longhaul report`: the run as a document, from its journal; works with the supervisor dead. */
export function reportCommand(env: Env): Command {
  return new Command('report')
    .description('the run as a document: figures, what to do next, steps, P, load, comparison, findings; in Markdown')
    .option('--json', 'the same as JSON: docs/report.schema.json has its schema')
    .option('--html', 'the same as one page with charts, which needs no network')
    .option('--save', 'write it into the run folder and print its path')
    .option(
      '--attempts [folders...]',
      'the attempts of this run, and of those in other run folders, beside each other: what got faster, what to change next',
    )
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
        await writeArchive(run, await factsOf(run), flags.output);
        return;
      }
      if (flags.attempts !== undefined) {
        process.stdout.write(await compareAttempts(run, flags.attempts === true ? [] : flags.attempts));
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

async function factsOf({config, folder}: OpenRun): Promise<ReportFacts> {
  const {source, replica, target} = config.servers;
  return {
    readings: await readBack(folder.readings),
    at: isoTime(Date.now()),
    servers: {source: describeConninfo(source), replica: describeConninfo(replica), target: describeConninfo(target)},
  };
}

/** Earlier runs first, as they were begun. */
async function compareAttempts({folder}: OpenRun, others: readonly string[]): Promise<string> {
  const folders = [...others.map((path) => runFolderAt(path)), folder];
  const attempts = await Promise.all(
    folders.map(async (one) => {
      const journal = await readJournal(one.journal);
      if (journal.length > 0 || one === folder) return attemptsOf(journal, await readBack(one.readings));
      throw new LonghaulError({
        code: 'usage',
        message: `there is no journal: ${one.journal}`,
        remedy: 'name run folders, run_directory of their longhaul.yaml, after --attempts',
      });
    }),
  );
  return formatAttempts(attempts.flat().toSorted((a, b) => (a.begunAt < b.begunAt ? -1 : 1)));
}

async function makeReport(run: OpenRun, format: Format): Promise<string> {
  const journal = await readJournal(run.folder.journal);
  const facts = await factsOf(run);
  const report = reportOf(journal, facts);
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'md':
      return withConfig(run, formatReport(report));
    case 'html': {
      // Its charts are a large package, which nobody else needs.
      const {formatPage} = await import('../../../report/html/page.ts');
      return formatPage(report, {journal, readings: facts.readings, complete: (text) => withConfig(run, text)});
    }
  }
}
