import {mainCause} from '../../domain/filling/disk-causes.ts';
import {SERVER_ROLES, type ServerRole} from '../../domain/pg/server-role.ts';
import {isLost} from '../../domain/reading/reading.ts';
import type {Runway} from '../../domain/filling/runway.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import {growthOf} from './growth.ts';
import {readingOfRunway, readingOfSlots, slotsOf} from './readings.ts';

/** The slot that retains the most WAL, and the disk that is full first. */
export interface RetainedWal {
  /** Null when no slot retains any that can be told. */
  readonly retainedBytes: number | null;
  /** Growth of what it retains; null while it is being measured. */
  readonly bytesPerSecond: number | null;
  /** The disk that is full first, by its server; the primary's where none is known to fill. */
  readonly disk: ServerRole;
  /** Until it is full, as the supervisor reckons; null with the reason in `unknown`. */
  readonly runway: Runway | null;
  /** Who makes it grow most: `our slots +3.0 MB/s`; null where that is not known. */
  readonly cause: string | null;
  readonly unknown: string;
  /** Slots of this run that the server has invalidated. */
  readonly lost: number;
}

/** The disk whose forecast ends soonest. */
function firstFull(live: Live): ReturnType<typeof readingOfRunway> {
  const [first] = SERVER_ROLES.flatMap((server) => readingOfRunway(live, server) ?? [])
    .filter(({runway}) => runway !== null)
    .toSorted((a, b) => (a.runway?.soonest ?? Infinity) - (b.runway?.soonest ?? Infinity));
  return first ?? null;
}

/** What the slots keep on the primary; null before they were read. */
export function retainedWal(live: Live): RetainedWal | null {
  if (readingOfSlots(live) === null) return null;
  const slots = slotsOf(live);
  const [worst] = slots
    .filter((slot) => slot.retainedBytes !== null)
    .toSorted((a, b) => (b.retainedBytes ?? 0) - (a.retainedBytes ?? 0));
  const reading = firstFull(live) ?? readingOfRunway(live, 'source');
  return {
    retainedBytes: worst?.retainedBytes ?? (slots.length === 0 ? 0 : null),
    bytesPerSecond: worst === undefined ? null : growthOf(live.trends.slots[worst.name]),
    disk: reading?.server ?? 'source',
    runway: reading?.runway ?? null,
    cause: reading?.causes == null ? null : mainCause(reading.causes),
    unknown: screenText(reading?.why ?? 'being measured'),
    lost: slots.filter((slot) => slot.ours && isLost(slot)).length,
  };
}
