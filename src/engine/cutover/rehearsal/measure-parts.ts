import {inPieces} from '../../../domain/base/in-pieces.ts';
import {formatBytes, formatDuration} from '../../../domain/base/units.ts';
import {compareLsn} from '../../../domain/pg/lsn.ts';
import {readServerClock} from '../../../pg/cutover/clients.ts';
import {readPositions} from '../../../pg/cutover/sequences.ts';
import {readInsertPosition} from '../../../pg/replication/insert-position.ts';
import {readSlots} from '../../../pg/replication/slots.ts';
import type {Session} from '../../../pg/session/session.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {reverseOf} from '../../back/reverse-of.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import {readMovedTables} from '../moved-tables.ts';
import {readWaitingObjects} from '../waiting-objects.ts';
import {buildMs, bytesOf} from './builds.ts';
import type {PartNow} from './estimate.ts';
import {measureComparison} from './measure-comparison.ts';
import {medianOf, quickest} from './measured-parts.ts';
import type {TablesAhead} from '../final/written-since.ts';
import type {RestForeseen} from '../rest/check-rest.ts';
import {AT_ONCE, readMovedSequences} from '../sequences/copy-positions.ts';

/** What servers and machine answer in now, milliseconds. */
interface Pace {
  /** One statement on each. */
  readonly source: number;
  readonly target: number;
}

const ROUNDS = 5;

async function readPace(ctx: StepContext): Promise<Pace> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  return {source: await answersIn(ctx, source), target: await answersIn(ctx, target)};
}

async function answersIn(ctx: StepContext, session: Session): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = ctx.steady();
    await session.one(readServerClock());
    took.push(ctx.steady() - began);
  }
  return medianOf(took);
}

/** Experience (docs/decisions/0067-cutover.md) where nothing was measured: a step's notes in the journal, a wave of ended sessions, a slot's answer, its end. */
const STEP_MS = 10;
const WAVE_MS = 60;
const ANSWER_MS = 350;
const END_MS = 150;
const COMMAND_MS = 200;
const MAKE_MS = 25;

/** Every part of the write stop in its order, by what can be measured without stopping anybody; `rest` is what was measured of copy-the-rest, `ahead` what compare-final reads. */
export async function measureParts(
  ctx: StepContext,
  {rest, ahead}: {readonly rest: Omit<RestForeseen, 'findings'>; readonly ahead: TablesAhead},
): Promise<PartNow[]> {
  const pace = await readPace(ctx);
  const {cutover} = ctx.config;
  const tables = await readMovedTables(ctx);
  const slots = captureOf(ctx)?.slots.length ?? 0;
  const commands = cutover.stopBefore.length + cutover.stopAfter.length;
  return [
    {
      part: 'stop-writes',
      on: 'source',
      ms: STEP_MS + WAVE_MS + 10 * pace.source + tables.length / 5 + commands * COMMAND_MS,
      by: 'measured',
      why: `${tables.length} tables are locked, the source answers in ${pace.source.toFixed(1)} ms${commands === 0 ? '' : `, ${commands} commands of yours`}`,
    },
    await measureDrain(ctx),
    {
      part: 'copy-the-rest',
      on: 'both',
      ms: STEP_MS + rest.ms,
      lowMs: STEP_MS / 2 + rest.lowMs,
      highMs: 1.5 * STEP_MS + rest.highMs,
      by: 'measured',
      why:
        rest.ms === 0
          ? 'change capture carries everything'
          : `what change capture does not carry is compared, and copied where it differs${rest.isMeasured ? '' : '; how quickly rows are copied could not be tried'}`,
    },
    await measureSequences(ctx, pace),
    await measureObjects(ctx, pace),
    await measureComparison(ctx, ahead, pace.target),
    ...(reverseOf(ctx) === null
      ? []
      : [
          {
            part: 'start-reverse',
            on: 'both',
            ms: STEP_MS + END_MS + slots * (MAKE_MS + 2 * pace.source + 3 * pace.target),
            by: 'rule',
            why: `${slots} slots of the way back are made once the forward ones rest`,
          } satisfies PartNow,
        ]),
    await measureHandOver(ctx, pace, rest.provingMs),
  ];
}

/** How long a slot takes to tell that it has what was written; the cutover asks it with a sentinel every 100 ms, a source that is at rest tells nothing. */
const SAMPLES = 3;
const SAMPLE_LIMIT_MS = 1_500;

async function measureDrain(ctx: StepContext): Promise<PartNow> {
  const capture = captureOf(ctx);
  if (capture === null) return {part: 'drain', on: 'source', ms: STEP_MS, by: 'rule', why: 'no slots'};
  const source = await ctx.session('source');
  const took: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const {insertLsn} = await source.one(readInsertPosition(source.version));
    const began = ctx.steady();
    const answered = await waitUntil(
      ctx,
      SAMPLE_LIMIT_MS,
      async () => {
        const slots = (await source.run(readSlots(source.version))).filter(({name}) => capture.onSource.includes(name));
        const all = slots.every(
          ({confirmedFlushLsn}) => confirmedFlushLsn !== null && compareLsn(confirmedFlushLsn, insertLsn) >= 0,
        );
        return all ? true : null;
      },
      10,
    );
    const ms = ctx.steady() - began;
    // At rest nothing is behind, and nothing is told.
    if (answered !== null && ms > 2 * SAMPLES) took.push(ms);
  }
  const status = await capture.live.status({source, target: await ctx.session('target')}, capture.slots);
  const lagMs = Math.max(0, ...status.map(({lagSeconds}) => lagSeconds * 1000));
  const words = `${capture.slots.length} slots answer within`;
  if (took.length === 0)
    return {
      part: 'drain',
      on: 'source',
      ms: STEP_MS + ANSWER_MS + lagMs,
      by: 'rule',
      why: `${words} ${ANSWER_MS} ms as a rule`,
    };
  const answerMs = medianOf(took);
  return {
    part: 'drain',
    on: 'source',
    ms: STEP_MS + answerMs + lagMs,
    lowMs: Math.min(...took),
    highMs: STEP_MS + 1.5 * Math.max(...took) + lagMs,
    by: 'measured',
    why: `${words} ${Math.round(answerMs)} ms now${lagMs < 1000 ? '' : `, and are ${formatDuration(lagMs)} behind`}`,
  };
}

async function measureSequences(ctx: StepContext, pace: Pace): Promise<PartNow> {
  const all = await readMovedSequences(ctx);
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const readMs = await quickest(ctx, async () => {
    for (const piece of inPieces(all, AT_ONCE)) {
      await Promise.all([source.run(readPositions(piece)), target.run(readPositions(piece))]);
    }
  });
  return {
    part: 'copy-sequences',
    on: 'target',
    ms: STEP_MS + 1.5 * readMs + 3 * pace.target + 3 * pace.source,
    by: 'measured',
    why: `${all.length} sequences are read on both sides in ${Math.round(readMs)} ms`,
  };
}

async function measureObjects(ctx: StepContext, pace: Pace): Promise<PartNow> {
  const {readingKeys, firing, deferrable = []} = await readWaitingObjects(ctx);
  const readMs = await quickest(ctx, async () => readWaitingObjects(ctx));
  const objects = readingKeys.length + firing.length + deferrable.length;
  const bytes = bytesOf(deferrable);
  return {
    part: 'restore-triggers-and-keys',
    on: 'target',
    ms: STEP_MS + readMs + objects * (STEP_MS + pace.target) + buildMs(bytes),
    by: 'measured',
    why:
      objects === 0
        ? 'nothing waits for the drain'
        : `${objects} objects wait for the drain${bytes === 0 ? '' : `, indexes of ${formatBytes(bytes)} of tables among them`}`,
  };
}

/** Decoding goes through what a slot keeps; so much in a second. */
const DECODED_PER_SECOND = 50e6;
const PEEK_MS = 30;

async function measureHandOver(ctx: StepContext, pace: Pace, provingMs: number): Promise<PartNow> {
  const capture = captureOf(ctx);
  const source = await ctx.session('source');
  const kept = (await source.run(readSlots(source.version))).filter(({name}) => capture?.onSource.includes(name));
  const bytes = kept.reduce((sum, {retainedBytes}) => sum + (retainedBytes ?? 0), 0);
  const isTurned = reverseOf(ctx) !== null;
  const isPeeked = capture !== null && !(ctx.config.cutover.lock && capture.live.confirmsSeldom === true);
  const peekMs = isPeeked ? (bytes / DECODED_PER_SECOND) * 1000 : 0;
  const {handOver, opened} = ctx.config.cutover;
  const commands = handOver.length + opened.length;
  return {
    part: 'hand-over',
    on: 'target',
    // What is turned round has ended before.
    ms:
      STEP_MS +
      (isTurned ? 0 : END_MS) +
      (handOver.length === 0 ? 1 : 2) * (peekMs + kept.length * PEEK_MS) +
      8 * pace.target +
      provingMs +
      commands * COMMAND_MS,
    by: 'measured',
    why: `${kept.length} slots end and are read (${formatBytes(bytes)})${provingMs === 0 ? '' : ', large objects are read once more'}${commands === 0 ? '' : `, ${commands} commands of yours`}`,
  };
}
