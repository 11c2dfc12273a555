import type {Alarm} from '../domain/reading/alarm.ts';
import type {ClientEvent, WireClient} from '../engine/wire/client.ts';
import type {Clock} from './clock.ts';
import {isUnderWay, withCutoverScreen} from './cutover/open.ts';
import {screenText} from './screen/screen-text.ts';
import {withWantedPane} from './panes/panes.ts';
import {pinSelection} from './panes/selection.ts';
import {isToldBelow} from './view-model/findings.ts';
import {askForPlan} from './dialogs/ask-for-plan.ts';
import {withQuestionNow} from './dialogs/question.ts';
import {type ConsoleState, type ConsoleStore, say} from './store/console-store.ts';
import {hear, type Live} from './store/live.ts';
import type {View} from './store/view.ts';

interface FeedOptions {
  readonly store: ConsoleStore;
  readonly client: WireClient;
  readonly clock: Clock;
  /** Rung once for every alarm that comes while the console is open. */
  readonly ring: () => void;
  /** Called after every tick. */
  readonly onTick: () => void;
}

/** Pulses come this often; the operator chooses how many of them are ticks. */
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
    const before = store.getState();
    store.setState((state) => ({live: heard, nowMs: tickedAt, view: agedToast(state.view, tickedAt)}));
    const view = keptInStep(before, store.getState());
    if (view !== store.getState().view) store.setState({view});
    void askForPlan({store, client});
  };
  const stopListening = client.on((event) => {
    const before = heard;
    heard = hear(heard, event);
    if (cannotWait(event, store) || heard.link.status !== before.link.status) commit();
    announce(store, {before, heard, event}, ring);
  });
  const stopTicking = clock.every(PULSE_MS, () => {
    const passed = clock.now() - tickedAt;
    // A pulse may come a little early; it must not cost the whole tick. A clock that was set back is no reason to wait for it.
    if (passed >= 0 && passed < tickOf(store.getState()) - PULSE_MS / 4) return;
    commit();
    onTick();
  });
  return () => {
    stopListening();
    stopTicking();
  };
}

/** Every pulse while writers may wait. */
function tickOf({live, view}: ConsoleState): number {
  return isUnderWay(live) ? PULSE_MS : view.tickMs;
}

/** The view, kept in step with what was heard: the pane of what runs now, the cursor on its lane, the open question in the words of now. */
function keptInStep(before: ConsoleState, now: ConsoleState): View {
  const state = {...now, view: withCutoverScreen(before, {...now, view: withWantedPane(before, now)})};
  const view = pinSelection(state);
  return withQuestionNow({...state, view});
}

// What decides about trust in the screen, and what an operator has just done: a key's effect is seen at once. While a question is open,
// so is everything that may change it.
function cannotWait(event: ClientEvent, store: ConsoleStore): boolean {
  if (event.type !== 'event') return event.type === 'snapshot' || event.type === 'refused';
  return 'by' in event.entry || store.getState().view.overlays.at(-1)?.kind === 'dialog';
}

/** A toast's time begins with the tick that first shows it, and anew when the clock was set back. */
function agedToast(view: View, nowMs: number): View {
  const {toast} = view;
  if (toast === null) return view;
  if (toast.untilMs === null || toast.untilMs - nowMs > toast.forMs)
    return {...view, toast: {...toast, untilMs: nowMs + toast.forMs}};
  return toast.untilMs <= nowMs ? {...view, toast: null} : view;
}

interface Heard {
  readonly before: Live;
  readonly heard: Live;
  readonly event: ClientEvent;
}

/** Alarms as they come and go, also those that came while there was no connection. What the first snapshot has is no news. */
function announce(store: ConsoleStore, {before, heard, event}: Heard, ring: () => void): void {
  if (event.type === 'snapshot' && before.run.run !== null) {
    const known = new Set(before.run.alarms.map(({id}) => id));
    const fresh = heard.run.alarms.filter(({id}) => !known.has(id));
    const worst = fresh.find(({severity}) => severity === 'critical') ?? fresh[0];
    if (worst !== undefined) {
      sayAlarm(store, worst);
      ring();
    }
  }
  if (event.type !== 'event') return;
  const {entry} = event;
  if (entry.type === 'alarm.raised') {
    // The message line tells of it already, and for as long as it is so.
    if (!isToldBelow(entry.alarm.id)) sayAlarm(store, entry.alarm);
    ring();
  } else if (entry.type === 'alarm.cleared' && !warns(store.getState().view)) {
    const alarm = before.run.alarms.find(({id}) => id === entry.id);
    say(store, `alarm over: ${screenText(alarm?.subject ?? entry.id)}`, 'good');
  }
}

function sayAlarm(store: ConsoleStore, {severity, subject, seen, remedy}: Alarm): void {
  say(store, `ALARM ${screenText(`${subject} ${seen}: ${remedy}`)}`, severity === 'critical' ? 'bad' : 'warn');
}

// Good news is no reason to take a warning away before it was read.
function warns({toast}: View): boolean {
  return toast !== null && (toast.tone === 'bad' || toast.tone === 'warn');
}
