import {isLsn} from '../pg/lsn.ts';
import {SERVER_ROLES} from '../pg/server-role.ts';
import type {Reading} from './reading.ts';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

type Fields = Readonly<Record<string, unknown>>;

/** What must be there of each kind, for whoever reckons with it. */
const NEEDED: Readonly<Record<Reading['probe'], (reading: Fields) => boolean>> = {
  slots: ({currentLsn, slots}) =>
    typeof currentLsn === 'string' && isLsn(currentLsn) && isListOf(slots, ({name}) => typeof name === 'string'),
  replica: ({backlogBytes}) => isNumberOrNull(backlogBytes),
  wal: ({server}) => isServer(server),
  disk: ({server, disk}) => isServer(server) && isFields(disk) && isNumberOrNull(disk['freeBytes']),
  lanes: ({units}) => isListOf(units, ({unit, bytes}) => typeof unit === 'string' && typeof bytes === 'number'),
  work: ({work}) => work === null || isFields(work),
  transactions: ({server}) => isServer(server),
  target: ({activity, cutOff}) => Array.isArray(activity) && Array.isArray(cutOff),
  senders: ({senders}) => isListOf(senders, () => true),
  figures: ({of, server, figures}) => typeof of === 'string' && isServer(server) && isListOf(figures, () => true),
  primary: ({walBytesPerSecond}) => isNumberOrNull(walBytesPerSecond),
  alarms: ({seen}) => isFields(seen),
  runway: ({server, runway}) =>
    isServer(server) && (runway === null || (isFields(runway) && typeof runway['soonest'] === 'number')),
  eta: ({eta}) => isFields(eta) && typeof eta['bytesTotal'] === 'number' && typeof eta['bytesLeft'] === 'number',
  failed: ({of, message}) => typeof of === 'string' && typeof message === 'string',
};

/**
 * Whether something that was kept is a reading that this version can go by. Another version may have kept kinds that this one does not know, or the same
 * with other fields: they are passed over, for looking back must never keep a supervisor from beginning.
 */
export function isKnownReading(value: unknown): value is Reading {
  if (!isFields(value)) return false;
  const {at, probe} = value;
  if (typeof at !== 'string' || !TIME.test(at) || typeof probe !== 'string') return false;
  return isKind(probe) && NEEDED[probe](value);
}

function isKind(probe: string): probe is Reading['probe'] {
  return Object.hasOwn(NEEDED, probe);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, isOne: (one: Fields) => boolean): boolean {
  return Array.isArray(value) && value.every((one: unknown) => isFields(one) && isOne(one));
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

function isServer(value: unknown): boolean {
  return SERVER_ROLES.some((role) => role === value);
}
