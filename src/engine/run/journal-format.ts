import {isEventType} from '../../domain/run/reduce/event-types.ts';
import {type JournalEntry, type RunEvent} from '../../domain/run/event.ts';
import {judgeEvidence} from '../../domain/run/evidence/step-evidence.ts';
import {isStepId} from '../../domain/run/step-id.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';

/**
 * The format that is written. Raised when a journal has something that the readers of the format before would misread; a new type of event
 * or a new key needs no new format, because a reader refuses the one and passes over the other. Format 0 is a journal without a header.
 */
const FORMAT = 1;

/** The first format whose readers understand what is written now. Those of format 0 refuse the header as a line that is no event. */
const OLDEST_READER = 1;

/** The first line of a journal. It has no number, so that event 1 is the line after it. */
interface Header {
  readonly journal: 'longhaul';
  readonly format: number;
  /** The version of Longhaul that began the journal: `0.1.0`. Each `run.started` names the one that went on with it. */
  readonly writer: string;
  /** The format that a reader has to know at least. */
  readonly oldestReader: number;
}

/** The first line of a new journal, without its line end. */
export function headerLine(version: string): string {
  const header: Header = {journal: 'longhaul', format: FORMAT, writer: version, oldestReader: OLDEST_READER};
  return JSON.stringify(header);
}

/**
 * The events in whole lines of a journal, oldest first. Throws `version` where a newer Longhaul wrote what this one does not know, `failed`
 * where a line is not the event that has to be there. Pure.
 */
export function parseJournal(path: string, text: string): JournalEntry[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const header = lines[0] === undefined ? null : readHeader(path, lines[0]);
  const before = header === null ? 0 : 1;
  const entries: JournalEntry[] = [];
  let writer = header?.writer ?? null;
  for (const [index, line] of lines.slice(before).entries()) {
    const entry = parseEntry(line, index + 1);
    if (entry === null) throw changedByHand(`${path} line ${index + 1 + before} is not the event number ${index + 1}`);
    const place = `${path} line ${index + 1 + before}`;
    if (entry.type === 'run.started') writer = entry.version;
    const unknown = whatIsUnknown(entry);
    if (unknown !== null) throw ofNewerVersion(place, unknown, writer);
    const wrong = judgeEntry(entry);
    if (wrong !== null) throw changedByHand(`${place}: ${wrong}`);
    entries.push(entry);
  }
  return entries;
}

/** Null where the line is an event, as it is in format 0. */
function readHeader(path: string, line: string): Header | null {
  const header = parseObject(line);
  if (header?.['journal'] !== 'longhaul') return null;
  const {format, writer, oldestReader} = header;
  if (typeof oldestReader === 'number' && oldestReader <= FORMAT)
    return {journal: 'longhaul', format: Number(format), writer: String(writer), oldestReader};
  throw new LonghaulError({
    code: 'version',
    message: `${path} line 1: longhaul ${String(writer)} wrote this journal, in format ${String(format)}, which takes a reader of format ${String(oldestReader)}; this longhaul reads formats up to ${FORMAT}`,
    remedy: howToGoOn(String(writer)),
  });
}

/** Null where the line is not the event of this number. */
function parseEntry(line: string, number: number): JournalEntry | null {
  try {
    const entry: JournalEntry = JSON.parse(line);
    return entry.seq === number && typeof entry.at === 'string' && typeof entry.type === 'string' ? entry : null;
  } catch {
    return null;
  }
}

function parseObject(line: string): {readonly [key: string]: unknown} | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** What this version does not know of an event; null where it knows it. */
function whatIsUnknown(entry: JournalEntry): string | null {
  const {type}: {readonly type: string} = entry;
  if (!isEventType(type)) return `is an event of the type ${type}`;
  const steps: readonly string[] = entry.type === 'run.started' ? entry.steps : 'step' in entry ? [entry.step] : [];
  const step = steps.find((id) => !isStepId(id));
  return step === undefined ? null : `names the step ${step}`;
}

/**
 * Why no version can believe what an event tells, as the evidence of its step has another form; null where it can. What could not be read again
 * is never written. Pure.
 */
export function judgeEntry(event: RunEvent): string | null {
  if (event.type !== 'step.done' && event.type !== 'step.unfinished') return null;
  const wrong = judgeEvidence(event.step, event.evidence);
  return wrong === null ? null : `the evidence of ${event.step} is not valid: ${wrong}`;
}

function changedByHand(message: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message,
    remedy:
      'the journal was changed by hand or the disk lost a part: restore the file from a copy, or move the run folder away and start anew',
  });
}

/** Passed over, what it tells of would be missing in the state, and steps would act on that. */
function ofNewerVersion(place: string, what: string, writer: string | null): LonghaulError {
  return new LonghaulError({
    code: 'version',
    message: `${place} ${what}, which this longhaul does not know; ${writer === null ? 'a newer one' : `longhaul ${writer}`} wrote it`,
    remedy: howToGoOn(writer),
  });
}

function howToGoOn(writer: string | null): string {
  return `go on with ${writer === null ? 'that one' : `longhaul ${writer} or a newer one`}; the journal is as it was, and lanes go on`;
}
