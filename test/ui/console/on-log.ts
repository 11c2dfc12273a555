import {consoleOnScreen, type OnScreen} from './console-on-screen.ts';

/** A console on the log of a lane, which is whatever `text` gives. */
export async function onLog(text: () => string): Promise<OnScreen> {
  const console = await consoleOnScreen({
    log: (from) => {
      const all = text();
      const start = from < 0 ? Math.max(0, all.length + from) : Math.min(from, all.length);
      return {from: start, text: all.slice(start), end: all.length};
    },
  });
  console.type('jl');
  await console.waitFor('Log of events');
  return console;
}

/** So many numbered lines. */
export const numbered = (count: number): string => Array.from({length: count}, (_, i) => `line ${i} of it\n`).join('');
