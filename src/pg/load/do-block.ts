/** A DO block whose tag is nowhere in its text, whatever names that holds. */
export function doBlock(body: string): string {
  let tag = '$unit$';
  while (body.includes(tag)) tag = tag.replace('unit', 'unit_');
  return `DO ${tag}${body}\n${tag};`;
}
