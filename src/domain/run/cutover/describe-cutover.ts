import {counted, formatCount} from '../../base/units.ts';
import type {JournalEntry} from '../event.ts';
import {clientWords, type Visitor} from './visitors.ts';

/** An event of the cutover as one line for people, without its time. Pure. */
export function describeCutover(entry: Extract<JournalEntry, {type: `cutover.${string}`}>): string {
  switch (entry.type) {
    case 'cutover.begun':
      return `CUTOVER begins, says ${entry.by}`;
    case 'cutover.stopping':
      return 'WRITES ARE BEING STOPPED on the source';
    case 'cutover.command': {
      const did = {started: 'starts', done: 'has ended well', undone: 'was undone'}[entry.moment];
      return `command ${entry.command} ${did}${entry.output === '' ? '' : `: ${entry.output}`}`;
    }
    case 'cutover.triggers-firing':
      return `${counted(entry.triggers.length, 'trigger')} of the target that ${entry.triggers.length === 1 ? 'fires' : 'fire'} while changes are applied ${entry.triggers.length === 1 ? 'is' : 'are'} enabled again`;
    case 'cutover.writes-stopped':
      return `nobody writes on the source behind ${entry.lsn}`;
    case 'cutover.opening':
      return `THE TARGET IS OPENED for writes, says ${entry.by}: from here on nothing takes it back but longhaul back, where cutover.reverse has made a way back`;
    case 'cutover.handed-over':
      return 'HANDED OVER: the target takes writes, the source takes none';
    case 'cutover.comparison-over':
      return `the comparison of the hand-over is over${entry.why === null ? '' : `: ${entry.why}; not compared: ${listOf(entry.left)}`}`;
    case 'cutover.visited':
      return visitedWords(entry.visitors, 'source');
    case 'cutover.gone-back':
      return `THE CUTOVER WAS TAKEN BACK by ${entry.by}, writes are allowed on the source again: ${entry.reason}`;
  }
}

/** So many names are told. */
const TOLD = 10;

function listOf(tables: readonly string[]): string {
  const more = tables.length > TOLD ? ` and ${formatCount(tables.length - TOLD)} more` : '';
  return `${tables.slice(0, TOLD).join(', ')}${more}`;
}

/** Those whose names fit on a line. */
const NAMED = 5;

/** Who was seen on the side that was left, in a line. Pure. */
export function visitedWords(visitors: readonly Visitor[], side: 'source' | 'target'): string {
  const names = visitors.slice(0, NAMED).map(clientWords);
  const more = visitors.length - names.length;
  return `${counted(visitors.length, 'client')} seen on the ${side}, where production is no more: ${names.join('; ')}${more === 0 ? '' : `; and ${more} more`}`;
}
