/** Cuts a stream of text into lines; `feed` gives the lines that a chunk completes. Throws a plain error on a line beyond `longest` characters. */
export function lineCutter(longest: number): {feed(chunk: string): string[]} {
  // Joined once per line: a long one comes in many chunks.
  let begun: string[] = [];
  let length = 0;
  return {
    feed(chunk) {
      const [first = '', ...parts] = chunk.split('\n');
      begun.push(first);
      length += first.length;
      if (length > longest) throw new Error('a message without an end');
      const rest = parts.pop();
      if (rest === undefined) return [];
      const lines = [begun.join(''), ...parts].filter((line) => line !== '');
      begun = [rest];
      length = rest.length;
      return lines;
    },
  };
}
