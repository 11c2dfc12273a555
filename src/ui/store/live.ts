import type {JournalEntry} from '../../domain/run/event.ts';
import {type Sample, withSample} from '../../domain/reading/growth.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';
import {reduce} from '../../domain/run/reduce.ts';
import {NEW_RUN, type RunState} from '../../domain/run/run-state.ts';
import type {ClientEvent} from '../../engine/wire/client.ts';
import type {RunFacts} from '../../engine/wire/protocol.ts';
import {isoToMs} from '../view-model/iso-time.ts';

/** The connection to the supervisor. While it is not `connected`, everything else here is as old as `since`. */
type Link =
  | {readonly status: 'connecting'}
  | {readonly status: 'connected'}
  | {readonly status: 'lost'; readonly since: string; readonly why: string; readonly remedy: string}
  | {readonly status: 'refused'; readonly message: string; readonly remedy: string};

/** Everything that the console has heard. */
export interface Live {
  readonly link: Link;
  readonly facts: RunFacts | null;
  readonly run: RunState;
  /** The last 500 events, oldest first. */
  readonly events: readonly JournalEntry[];
  /** The newest reading of every probe by its key: `slots`, `disk:source`. */
  readonly readings: ReadonlyMap<string, Reading>;
  /** Retained bytes of every slot. */
  readonly slotHistory: ReadonlyMap<string, readonly Sample[]>;
  /** Bytes per second of every unit that loads. */
  readonly unitHistory: ReadonlyMap<string, readonly Sample[]>;
}

/** What is known before the first message. */
export const NOTHING_HEARD: Live = {
  link: {status: 'connecting'},
  facts: null,
  run: NEW_RUN,
  events: [],
  readings: new Map(),
  slotHistory: new Map(),
  unitHistory: new Map(),
};

const EVENTS_KEPT = 500;
/** A spark line is half an hour, a hundred and eighty samples a slot; the supervisor's forecasts use more. */
const SHOWN = {gapMs: 10_000, keepMs: 1_800_000};

/** What is known after one more message of the supervisor, or after the connection came or went. Pure. */
export function hear(live: Live, heard: ClientEvent): Live {
  switch (heard.type) {
    case 'connected':
      return live;
    case 'lost':
      // Why it cannot be heard is told by the last attempt; since when, by the first: the others do not make the data younger.
      return live.link.status === 'refused'
        ? live
        : {
            ...live,
            link: {
              status: 'lost',
              since: live.link.status === 'lost' ? live.link.since : heard.at,
              why: heard.why,
              remedy: heard.remedy,
            },
          };
    case 'refused':
      return {...live, link: {status: 'refused', message: heard.message, remedy: heard.remedy}};
    case 'hello':
      return {...live, facts: heard.facts};
    case 'snapshot': {
      const fresh: Live = {...live, link: {status: 'connected'}, run: heard.state, events: heard.events};
      return heard.readings.reduce(withReading, {...fresh, readings: new Map()});
    }
    case 'event':
      return heard.entry.seq <= live.run.seq
        ? live
        : {...live, run: reduce(live.run, heard.entry), events: [...live.events.slice(1 - EVENTS_KEPT), heard.entry]};
    case 'reading':
      return withReading(live, heard.reading);
    case 'beat':
    case 'reply':
    case 'planned':
    case 'log':
      return live;
  }
}

function withReading(live: Live, reading: Reading): Live {
  const readings = new Map(live.readings).set(readingKey(reading), reading);
  const atMs = isoToMs(reading.at);
  if (atMs === null) return {...live, readings};
  if (reading.probe === 'slots') {
    const values = reading.slots.map((slot) => ({name: slot.name, value: slot.retainedBytes}));
    return {...live, readings, slotHistory: withSamples(live.slotHistory, values, atMs)};
  }
  if (reading.probe === 'lanes') {
    const values = reading.units.map((unit) => ({name: unit.unit, value: unit.bytesPerSecond}));
    return {...live, readings, unitHistory: withSamples(live.unitHistory, values, atMs)};
  }
  return {...live, readings};
}

type Histories = ReadonlyMap<string, readonly Sample[]>;

// Histories of what is no longer reported are dropped with it.
function withSamples(
  before: Histories,
  values: readonly {readonly name: string; readonly value: number | null}[],
  atMs: number,
): Histories {
  return new Map(
    values.map(({name, value}) => {
      const history = before.get(name) ?? [];
      return [name, value === null ? history : withSample(history, {atMs, value}, SHOWN)];
    }),
  );
}
