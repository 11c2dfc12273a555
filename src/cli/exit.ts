import {exitCodeOf, LonghaulError} from '../domain/base/longhaul-error.ts';
import {fromSystem} from '../domain/base/system-error.ts';
import {printable} from '../domain/base/printable.ts';
import {complain, type Given} from './say.ts';

/** Tells a failure on standard error, with its remedy, and gives the exit code. What is no LonghaulError is a bug and shows its stack. */
export function report(thrown: unknown, given: Given): 1 | 2 | 3 {
  const error = fromSystem(thrown) ?? thrown;
  if (error instanceof LonghaulError) {
    complain(given, `longhaul: ${lines(error.message)}`);
    complain(given, `  what to do: ${lines(error.remedy)}`);
  } else {
    console.error('longhaul: a bug; please report it with what follows');
    console.error(error);
  }
  return exitCodeOf(error);
}

/** Line by line safe for a terminal. */
function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line))
    .join('\n');
}
