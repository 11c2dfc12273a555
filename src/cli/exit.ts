import {exitCodeOf, LonghaulError} from '../domain/base/longhaul-error.ts';
import {fromSystem} from '../domain/base/system-error.ts';
import {printable} from '../domain/base/printable.ts';
import {complain, type Given} from './say.ts';

/** Tells a failure on standard error, with its remedy, and gives the exit code. What is no LonghaulError is a bug and shows its stack. */
export function report(thrown: unknown, given: Given): 1 | 2 | 3 {
  const error = fromSystem(thrown) ?? thrown;
  if (error instanceof LonghaulError) {
    for (const {message, remedy} of partsOf(error)) {
      complain(given, `longhaul: ${lines(message)}`);
      complain(given, `  what to do: ${lines(remedy)}`);
    }
  } else {
    console.error('longhaul: a bug; please report it with what follows');
    console.error(error);
  }
  return exitCodeOf(error);
}

/** One error may be about several servers, each with its remedy. */
function partsOf(error: LonghaulError): readonly LonghaulError[] {
  const all: readonly unknown[] = error.cause instanceof AggregateError ? error.cause.errors : [];
  const parts = all.filter((one) => one instanceof LonghaulError);
  // What all of them say alike, as of a file that each conninfo names, is said once.
  const once = new Map(parts.map((one) => [`${one.message}\n${one.remedy}`, one]));
  return parts.length === 0 ? [error] : [...once.values()];
}

/** Line by line safe for a terminal. */
function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line))
    .join('\n');
}
