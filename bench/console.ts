import {formatDuration} from '../src/domain/base/units.ts';
import {build} from './console/build.ts';
import {startFeed} from './console/feed.ts';
import {firstScreen, inTmux, keys, resizeStorm, underLoad, whenNothingChanges} from './console/measures.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';

// `npm run bench:console`: the console on a real pty, fed by a socket. Each figure beside its goal; exit 1 where one does not hold.
const quick = process.argv.includes('--quick');
const command = [build(), '--config'];
const feed = await startFeed('busy');
const attach = [...command, feed.config, 'attach'];
const figures: Figure[] = [];
const note = (...more: Figure[]): void => {
  for (const figure of more) tellFigure(figure);
  figures.push(...more);
};

const {terminal, figure} = await firstScreen(attach);
note(figure);
await new Promise((resolve) => setTimeout(resolve, 3000));
note(...(await underLoad(terminal, quick ? 10 : 60)));
note(...(await keys(terminal, quick ? 40 : 200)));
note({name: 'resident at most', value: terminal.residentMb(), goal: 150, unit: 'MB'});
terminal.kill();
note(await inTmux(attach, quick ? 10 : 60));
await feed.stop();

const still = await startFeed('done');
const second = await firstScreen([...command, still.config, 'attach']);
note(await whenNothingChanges(second.terminal));
// After three quarters of a minute (four samples) the growth of the slots is known and shown; from then on the screen itself is still.
await new Promise((resolve) => setTimeout(resolve, 40_000));
note(await resizeStorm(second.terminal, quick ? 25 : 100));
second.terminal.kill();
await still.stop();
sumUp('console', figures, formatDuration(performance.now()));
