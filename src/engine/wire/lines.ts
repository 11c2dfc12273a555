/** Longer than any message: a peer that sends this much without a newline is not one of ours. */
const LONGEST = 4 * 1024 * 1024;

/** Cuts a stream of text into lines; `feed` gives the lines that a chunk completes. Throws a plain error on an endless line. */
export function lineCutter(): {feed(chunk: string): string[]} {
  let rest = '';
  return {
    feed(chunk) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > LONGEST) throw new Error('a message without an end');
      return parts.filter((line) => line !== '');
    },
  };
}
