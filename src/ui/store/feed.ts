import type {ClientEvent, WireClient} from '../../engine/wire/client.ts';
import type {Clock} from '../clock.ts';
import {screenText} from '../screen/screen-text.ts';
import {pinSelection} from '../view-model/selection.ts';
import {type ConsoleStore, say} from './console-store.ts';
import {hear, type Live} from './live.ts';

interface FeedOptions {
  readonly store: ConsoleStore;
  readonly client: WireClient;
  readonly clock: Clock;
  /** Rung once for every alarm that comes while somebody looks. */
  readonly ring: () => void;
  /** Called after every tick. */
  readonly onTick: () => void;
}

/** Ticks are looked for this often; the operator chooses how many of them count. */
const PULSE_MS = 250;

/**
 * Listens to the supervisor and puts what it says into the store, once per tick however much came; what decides about trust in the
 * screen (the first snapshot, a lost connection) at once. Gives the function that ends it.
 */
export function startFeed({store, client, clock, ring, onTick}: FeedOptions): () => void {
  let heard: Live = store.getState().live;
  let tickedAt = clock.now();
  const commit = (): void => {
    tickedAt = clock.now();
    store.setState((state) => ({live: heard, nowMs: tickedAt, view: withoutOldToast(state.view, tickedAt)}));
    const state = store.getState();
    const view = pinSelection(state);
    if (view !== state.view) store.setState({view});
  };
  const stopListening = client.on((event) => {
    const before = heard;
    heard = hear(heard, event);
    if (cannotWait(event) || heard.link.status !== before.link.status) commit();
    announce(store, event, ring);
  });
  const stopTicking = clock.every(PULSE_MS, () => {
    // A pulse may come a little early; it must not cost the whole tick.
    if (clock.now() - tickedAt < store.getState().view.tickMs - PULSE_MS / 4) return;
    commit();
    onTick();
  });
  return () => {
    stopListening();
    stopTicking();
  };
}

// What decides about trust in the screen, and what an operator has just done: a key's effect is seen at once.
function cannotWait(event: ClientEvent): boolean {
  return event.type === 'snapshot' || event.type === 'refused' || (event.type === 'event' && 'by' in event.entry);
}

type View = ReturnType<ConsoleStore['getState']>['view'];

function withoutOldToast(view: View, nowMs: number): View {
  return view.toast !== null && view.toast.untilMs <= nowMs ? {...view, toast: null} : view;
}

function announce(store: ConsoleStore, event: ClientEvent, ring: () => void): void {
  if (event.type !== 'event') return;
  const {entry} = event;
  if (entry.type === 'alarm.raised') {
    const {severity, subject, seen, remedy} = entry.alarm;
    say(store, `ALARM ${screenText(`${subject} ${seen}: ${remedy}`)}`, severity === 'critical' ? 'bad' : 'warn');
    ring();
  } else if (entry.type === 'alarm.cleared') {
    say(store, `alarm over: ${screenText(entry.id)}`, 'good');
  }
}
