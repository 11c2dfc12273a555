import type {JournalEntry} from '../../domain/run/event.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import {readingKey} from '../../domain/reading/reading-key.ts';
import {NO_TRENDS, withTrend, type Trends} from '../../domain/reading/trends.ts';
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
  /** Of the last half hour, also from before this console was attached. */
  readonly trends: Trends;
  /** Bytes that each slot's changes were behind on the target, the newest readings, oldest first. */
  readonly lags: Readonly<Record<string, readonly number[]>>;
}

/** What is known before the first message. */
export const NOTHING_HEARD: Live = {
  link: {status: 'connecting'},
  facts: null,
  run: NEW_RUN,
  events: [],
  readings: new Map(),
  trends: NO_TRENDS,
  lags: {},
};

const EVENTS_KEPT = 500;

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
      const trends = earlier(live.trends, heard.trends ?? NO_TRENDS);
      return heard.readings.reduce(withReading, {...fresh, readings: new Map(), trends});
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
  const lags = withLags(live.lags, reading);
  return {...live, readings, lags, trends: atMs === null ? live.trends : withTrend(live.trends, reading, atMs)};
}

/** Ten seconds of a cutover, when they are read four times a second. */
const LAGS_KEPT = 40;

function withLags(lags: Live['lags'], reading: Reading): Live['lags'] {
  if (reading.probe !== 'figures' || reading.of !== 'cdc') return lags;
  const seen = reading.figures.flatMap(({name, of, value}) =>
    name === 'lag_bytes' && of !== null && value !== null ? [[of.replace(/^slot /, ''), value] as const] : [],
  );
  return Object.fromEntries(seen.map(([slot, value]) => [slot, [...(lags[slot] ?? []), value].slice(-LAGS_KEPT)]));
}

/** What this console has heard itself is closer than what the supervisor kept; it may have begun before that, or after. */
function earlier(own: Trends, kept: Trends): Trends {
  return {slots: longer(own.slots, kept.slots), units: longer(own.units, kept.units)};
}

function longer(own: Trends['slots'], kept: Trends['slots']): Trends['slots'] {
  const names = new Set([...Object.keys(own), ...Object.keys(kept)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const heard = own[name] ?? [];
      const before = (kept[name] ?? []).filter(({atMs}) => atMs < (heard[0]?.atMs ?? Infinity));
      return [name, before.length === 0 ? heard : [...before, ...heard]];
    }),
  );
}
