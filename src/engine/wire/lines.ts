/** Cuts a stream of text into lines; `feed` gives the lines that a chunk completes. Throws a plain error on a line beyond `longest` characters. */
export function lineCutter(longest: number): {feed(chunk: string): string[]} {
  let rest = '';
  return {
    feed(chunk) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > longest) throw new Error('a message without an end');
      return parts.filter((line) => line !== '');
    },
  };
}
