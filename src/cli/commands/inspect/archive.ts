import {counted} from '../../../domain/base/units.ts';
import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {createRedactor} from '../../../config/redact.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {withoutArguments} from '../../../engine/doctor/collect.ts';
import {jsonLinesWithoutRows} from '../../../engine/doctor/journal-without-rows.ts';
import type {TarFile} from '../../../engine/doctor/tar.ts';
import {parseJournal} from '../../../engine/run/journal-format.ts';
import {archiveTexts} from '../../../report/archive.ts';
import {reportOf, type ReportFacts} from '../../../report/report-data.ts';
import type {OpenRun} from '../../run/open-run.ts';
import {say} from '../../say.ts';
import {packInto} from './pack-into.ts';

/**
 * Writes the archive of a run, for whoever asks in two years how it was moved: report, journal, plan and evidence, without secrets and without rows.
 * Never over a file that is there.
 */
export async function writeArchive(run: OpenRun, facts: ReportFacts, output: string | undefined): Promise<void> {
  const path = resolve(output ?? `longhaul-${run.config.run}-${facts.at.replaceAll(/[-:]|\.\d+/g, '')}.tar.gz`);
  const files = await archiveFiles(run, facts);
  await packInto(path, files, 'name another file: longhaul report --archive --output FILE');
  say(
    run,
    `${path} is written: ${counted(files.length, 'file')} (tar tzf lists them). Passwords and rows are left out; names are not.`,
  );
}

/** The files of the archive. What the journal quotes of rows is left out before anything is made from it. */
export async function archiveFiles({config, folder}: OpenRun, facts: ReportFacts): Promise<TarFile[]> {
  const redact = createRedactor(config);
  const written = await readFile(folder.journal, 'utf8').catch(() => null);
  if (written === null) throw nothingYet(config.run);
  const journal = redact(jsonLinesWithoutRows(written.slice(0, written.lastIndexOf('\n') + 1)));
  const entries = parseJournal(folder.journal, journal);
  // Its charts are a large package, which nobody else needs.
  const {formatPage} = await import('../../../report/html/page.ts');
  const report = reportOf(entries, facts);
  const texts: [string, string | null][] = [
    ...archiveTexts(report, entries),
    ['report.html', formatPage(report, {journal: entries, readings: facts.readings, complete: (text) => text})],
    ['journal.jsonl', journal],
    ['plan.yaml', await readFile(folder.plan, 'utf8').catch(() => null)],
    ['config.json', `${JSON.stringify(withoutArguments(config), null, 2)}\n`],
  ];
  return texts.flatMap(([path, text]) => (text === null ? [] : [{path, content: Buffer.from(redact(text))}]));
}

function nothingYet(run: string): LonghaulError {
  return new LonghaulError({
    code: 'usage',
    message: `run ${run} has no journal yet, and so nothing to keep`,
    remedy: 'longhaul run begins the run',
  });
}
