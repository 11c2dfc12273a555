import type {Reading} from '../../domain/reading/reading.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import type {Report} from '../report-data.ts';
import {formatReport} from '../format-report.ts';
import {chartsOf} from './charts.ts';
import {escapeHtml, markupOf} from './markup.ts';
import {STYLE} from './style.ts';

/** What a page is made of beside the report. */
export interface PageSource {
  readonly journal: readonly JournalEntry[];
  /** Oldest first; none where the file is gone. */
  readonly readings: readonly Reading[];
  /** Completes the commands in a text, which are to be copied. */
  readonly complete: (text: string) => string;
}

/** The report as one page that needs no network, browser's script or other file: charts first, then what the Markdown has. Pure. */
export function formatPage(report: Report, {journal, readings, complete}: PageSource): string {
  const title = `Longhaul run ${report.summary.run ?? 'not begun'}`;
  const [first = '', ...others] = complete(formatReport(report)).split(/\n(?=## )/);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    // Nothing of it may ask a network for anything, whatever a name in the database says.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>`,
    markupOf(first),
    ...chartsOf(report, journal, readings).map(
      ({title: what, caption, svg}) =>
        `<section><h2>${escapeHtml(what)}</h2><figure><div class="chart">${svg}</div><figcaption>${escapeHtml(caption)}</figcaption></figure></section>`,
    ),
    ...others.map((section) => `<section>${markupOf(section)}</section>`),
    '</main></body></html>\n',
  ].join('\n');
}
