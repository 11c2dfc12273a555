import {isCutoverEvent, type CutoverEvent} from '../cutover/cutover-event.ts';
import {claimKind} from '../claimed.ts';
import type {RunEvent} from '../event.ts';
import type {RunState} from '../run-state.ts';
import type {StepId} from '../step-id.ts';

/** The steps of the way back, each with that of the cutover which it is the other way round. */
export const MIRRORED_STEPS = [
  ['stop-writes', 'back-stop-writes'],
  ['drain', 'back-drain'],
  ['copy-the-rest', 'back-copy-the-rest'],
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
const BOTH_WAYS = [
  'slot',
  'publication',
  'subscription',
  'pglogical-subscription',
  'sentinel',
  'set',
  'setting',
  'node',
  'trigger-off',
  'shut',
];

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
    steps: state.steps.map(({id, state: step}) => ({
      id: mirroredStep(id),
      // Its words are those of its own direction, wherever they are told next.
      state: step.status === 'failed' ? {...step, failure: mirroredFailure(step.failure)} : step,
    })),
    // Each step has the evidence of its own kind in both directions.
    evidence: mirroredEvidence(evidence),
  };
}

function mirroredEvidence(evidence: RunState['evidence']): RunState['evidence'] {
  const known: Readonly<Record<string, unknown>> = evidence;
  const turned = MIRRORED_STEPS.flatMap(([one, other]) => [
    [one, known[other]],
    [other, known[one]],
  ]);
  return {...evidence, ...Object.fromEntries(turned)};
}

/** An event of the way back as the journal has it, from what a step of the cutover records. Pure. */
export function mirroredEvent(event: RunEvent): RunEvent {
  if (isCutoverEvent(event)) return asBack(event);
  if (event.type === 'objects.claimed' || event.type === 'objects.returned')
    return {...event, objects: event.objects.map((object) => mirroredClaim(object))};
  return 'step' in event ? mirroredOfStep(event) : event;
}

function asBack(event: CutoverEvent): RunEvent {
  switch (event.type) {
    case 'cutover.begun':
      return {...event, type: 'back.begun', steps: event.steps.map((id) => mirroredStep(id))};
    case 'cutover.stopping':
      return {...event, type: 'back.stopping'};
    case 'cutover.command':
      return {...event, type: 'back.command'};
    case 'cutover.writes-stopped':
      return {...event, type: 'back.writes-stopped'};
    case 'cutover.opening':
      return {...event, type: 'back.opening'};
    case 'cutover.handed-over':
      return {...event, type: 'back.handed-over'};
    case 'cutover.visited':
      return {...event, type: 'back.visited'};
    case 'cutover.gone-back':
      return {...event, type: 'back.gone-back', reason: mirroredWords(event.reason)};
    case 'cutover.triggers-firing':
    case 'cutover.comparison-over':
      // Triggers come back with the cutover alone, and it alone compares.
      return event;
  }
}

const OF_SERVER = /^(?:source|replica|target): /;

/** A server's own words begin with which server it is, and are right as they are. Pure. */
export function isOfServer(message: string): boolean {
  return OF_SERVER.test(message);
}

/** What has failed in the other direction, in the words of this one. Pure. */
export function mirroredFailure<Failure extends {readonly message: string; readonly remedy: string}>(
  failure: Failure,
): Failure {
  if (isOfServer(failure.message)) return failure;
  return {...failure, message: mirroredWords(failure.message), remedy: mirroredWords(failure.remedy)};
}

function mirroredOfStep(event: Extract<RunEvent, {readonly step: StepId}>): RunEvent {
  const step = mirroredStep(event.step);
  if (event.type === 'step.failed') return {...event, step, failure: mirroredFailure(event.failure)};
  if (event.type === 'step.progressed') return {...event, step, what: mirroredWords(event.what)};
  if (event.type !== 'finding.seen') return {...event, step};
  const {finding} = event;
  const words = {
    subject: mirroredSubject(finding.subject),
    seen: mirroredWords(finding.seen),
    remedy: mirroredWords(finding.remedy),
  };
  return {...event, step, finding: {...finding, ...words}};
}

/** A server alone is named without an article. */
function mirroredSubject(subject: string): string {
  if (subject === 'source') return 'target';
  return subject === 'target' ? 'source' : mirroredWords(subject);
}

/** `on the source …` ↔ `on the target …`, and the commands that begin each direction. Names of tables are quoted, which stay, or have no article. Pure. */
export function mirroredWords(text: string): string {
  return turnedServers(text).replaceAll(/longhaul cutover(?: --check)?/g, 'longhaul back');
}

/** The servers alone, but in a quoted name: done twice, every text is as it was. Pure. */
export function turnedServers(text: string): string {
  return text.replaceAll(
    /"(?:[^"]|"")*"|\b(the )(source|target)\b/gi,
    (words: string, article: string | undefined, server = '') => {
      if (article === undefined) return words;
      const other = server.toLowerCase() === 'source' ? 'target' : 'source';
      return `${article}${asCased(other, server)}`;
    },
  );
}

/** `TARGET` for `SOURCE`: both have as many letters. */
function asCased(word: string, like: string): string {
  return Array.from(word, (letter, at) => (/[A-Z]/.test(like.charAt(at)) ? letter.toUpperCase() : letter)).join('');
}
