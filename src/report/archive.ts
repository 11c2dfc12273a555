import type {JournalEntry} from '../domain/run/event.ts';
import {formatReport} from './format-report.ts';
import type {Report} from './report-data.ts';

/** What is told of an archive to whoever opens it in two years. */
const ABOUT = `The archive of a run of Longhaul, with which a PostgreSQL database was moved.

report.md, .json, .html  the run as a document: figures, steps, P, load, comparison, findings
journal.jsonl            everything that happened, one event a line; \`longhaul report\` makes the report from it
evidence/                what each step came to: LSNs, names, counts, server times
plan.yaml, config.json   what was to be moved, and how

Passwords are asterisks, arguments of commands are left out, and so is whatever may quote a row of a table. Names of hosts, roles, tables and
columns are in it.
`;

/**
 * The texts of an archive that are made from the journal, each with its path: the report, and what every step came to. The journal must be one
 * without rows. Pure.
 */
export function archiveTexts(report: Report, journal: readonly JournalEntry[]): [path: string, text: string][] {
  return [
    ['about.txt', ABOUT],
    ['report.md', formatReport(report)],
    ['report.json', asJson(report)],
    ...lastEvidence(journal).map(([step, evidence]): [string, string] => [`evidence/${step}.json`, asJson(evidence)]),
  ];
}

/** What each step came to, the last time that it ended: also where the run was given up since. */
function lastEvidence(journal: readonly JournalEntry[]): [step: string, evidence: unknown][] {
  const ended = new Map<string, unknown>();
  for (const entry of journal)
    if (entry.type === 'step.done' || entry.type === 'step.unfinished') ended.set(entry.step, entry.evidence);
  return [...ended];
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
