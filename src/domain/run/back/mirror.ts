import type {BackEvent} from './back-event.ts';
import {claimKind} from '../claimed.ts';
import type {RunEvent} from '../event.ts';
import type {RunState} from '../run-state.ts';
import type {StepId} from '../step-id.ts';

/** The steps of the way back, each with that of the cutover which it is the other way round. */
export const MIRRORED_STEPS = [
  ['stop-writes', 'back-stop-writes'],
  ['drain', 'back-drain'],
  ['copy-sequences', 'back-copy-sequences'],
  ['start-reverse', 'back-start-forward'],
  ['hand-over', 'back-hand-over'],
] as const satisfies readonly (readonly [StepId, StepId])[];

/** The step of the other direction; the same where it has none. Pure. */
export function mirroredStep(id: StepId): StepId {
  const pair = MIRRORED_STEPS.find(([one, other]) => one === id || other === id);
  if (pair === undefined) return id;
  return pair[0] === id ? pair[1] : pair[0];
}

const BACK = 'back-';
/** What each direction has of its own on the servers. */
const BOTH_WAYS = ['slot', 'publication', 'subscription', 'sentinel', 'set', 'node', 'trigger-off'];

/** `slot lh_01` ↔ `back-slot lh_01`: what one direction calls its own is the other's in the other one. Pure. */
export function mirroredClaim(object: string): string {
  const kind = claimKind(object);
  if (BOTH_WAYS.includes(kind)) return `${BACK}${object}`;
  return kind.startsWith(BACK) && BOTH_WAYS.includes(kind.slice(BACK.length)) ? object.slice(BACK.length) : object;
}

/** Whether changes are written on the target now, and come to the source: from the hand-over until the source was handed back. Pure. */
export function isTurnedRound({cutover}: Pick<RunState, 'cutover'>): boolean {
  return cutover?.status === 'handed-over';
}

/** The run as the way back sees it: its cutover is the way back, what change capture made is what the way back made, and the other way round. Pure. */
export function mirroredState(state: RunState): RunState {
  const {evidence} = state;
  return {
    ...state,
    cutover: state.back,
    back: state.cutover,
    claimed: state.claimed.map((object) => mirroredClaim(object)),
    steps: state.steps.map((step) => ({...step, id: mirroredStep(step.id)})),
    // Each step has the evidence of its own kind in both directions.
    evidence: Object.fromEntries(
      Object.entries(evidence).map(([id, known]) => [mirroredStep(id as StepId), known]),
    ) as RunState['evidence'],
  };
}

/** An event of the way back as the journal has it, from what a step of the cutover records. Pure. */
export function mirroredEvent(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'cutover.begun':
      return {...event, type: 'back.begun', steps: event.steps.map((id) => mirroredStep(id))};
    case 'cutover.stopping':
    case 'cutover.command':
    case 'cutover.writes-stopped':
    case 'cutover.opening':
    case 'cutover.handed-over':
      return {...event, type: BACK_OF[event.type]} as BackEvent;
    case 'cutover.gone-back':
      return {...event, type: 'back.gone-back', reason: mirroredWords(event.reason)};
    case 'objects.claimed':
    case 'objects.returned':
      return {...event, objects: event.objects.map((object) => mirroredClaim(object))};
    default:
      return 'step' in event ? mirroredOfStep({...event, step: mirroredStep(event.step)} as OfStep) : event;
  }
}

type OfStep = Extract<RunEvent, {readonly step: StepId}>;

/** A server's own words begin with which server it is, and are right as they are. */
const OF_SERVER = /^(?:source|replica|target): /;

function mirroredOfStep(event: OfStep): RunEvent {
  switch (event.type) {
    case 'step.failed': {
      const {failure} = event;
      if (OF_SERVER.test(failure.message)) return event;
      const [message, remedy] = [mirroredWords(failure.message), mirroredWords(failure.remedy)];
      return {...event, failure: {...failure, message, remedy}};
    }
    case 'step.progressed':
      return {...event, what: mirroredWords(event.what)};
    case 'finding.seen': {
      const {finding} = event;
      const [subject, seen, remedy] = [finding.subject, finding.seen, finding.remedy].map((one) => mirroredWords(one));
      return {...event, finding: {...finding, subject: subject ?? '', seen: seen ?? '', remedy: remedy ?? ''}};
    }
    default:
      return event;
  }
}

const BACK_OF = {
  'cutover.stopping': 'back.stopping',
  'cutover.command': 'back.command',
  'cutover.writes-stopped': 'back.writes-stopped',
  'cutover.opening': 'back.opening',
  'cutover.handed-over': 'back.handed-over',
} as const;

/** `on the source …` ↔ `on the target …`, and the commands that begin each direction. Names of tables are quoted, or have no article. Pure. */
export function mirroredWords(text: string): string {
  return text
    .replaceAll(/\bthe (source|target)\b/gi, (words, server: string) =>
      words.replace(server, server === 'source' ? 'target' : 'source'),
    )
    .replaceAll(/longhaul cutover(?: --check)?/g, 'longhaul back');
}
