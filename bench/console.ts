import {formatDuration} from '../src/domain/base/units.ts';
import {build} from './console/build.ts';
import {startFeed} from './console/feed.ts';
import {
  commandTime,
  firstScreen,
  inTmux,
  keys,
  resizeStorm,
  underLoad,
  whenNothingChanges,
} from './console/measures.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';

// `npm run bench:console`: the console on a real pty, fed by a socket. Each figure beside its goal; exit 1 where one does not hold.
const quick = process.argv.includes('--quick');
const command = [build(), '--config'];
const figures: Figure[] = [];
const note = (...more: Figure[]): void => {
  for (const figure of more) tellFigure(figure);
  figures.push(...more);
};

/** A console beside a run that moves. */
async function whileItMoves(attach: readonly string[], withKeys: boolean): Promise<void> {
  const {terminal, figure} = await firstScreen(attach);
  note(figure);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  note(...(await underLoad(terminal, quick ? 10 : 60)));
  // Where lanes end and begin, the row under the cursor may stay where it is though a key has moved it.
  if (withKeys) note(...(await keys(terminal, quick ? 40 : 200)));
  note({name: 'resident at most', value: terminal.residentMb(), goal: 150, unit: 'MB'});
  terminal.kill();
}

const feed = await startFeed('busy');
const attach = [...command, feed.config, 'attach'];
await whileItMoves(attach, true);
note(await inTmux(attach, quick ? 10 : 60));
await feed.stop();

// The same with ten thousand tables in two thousand units, of which one ends and one begins at each tick.
const many = await startFeed('many');
console.log('10,000 tables in 2,000 units:');
await whileItMoves([...command, many.config, 'attach'], false);
for (const words of [['status'], ['status', '--json'], ['status', '--line']])
  note(await commandTime(`longhaul ${words.join(' ')}`, [...command, many.config, ...words]));
await many.stop();

const still = await startFeed('done');
const second = await firstScreen([...command, still.config, 'attach']);
note(await whenNothingChanges(second.terminal));
// After three quarters of a minute (four samples) the growth of the slots is known and shown; from then on the screen itself is still.
await new Promise((resolve) => setTimeout(resolve, 40_000));
note(await resizeStorm(second.terminal, quick ? 25 : 100));
second.terminal.kill();
await still.stop();
sumUp('console', figures, formatDuration(performance.now()));
