/** A file of a tar archive: its path in it, without a `/` before it, and its text. */
export interface TarFile {
  readonly path: string;
  readonly content: Buffer;
}

const BLOCK = 512;
const LONGEST_NAME = 100;
/** Where the checksum is in a header; while it is made, its place holds spaces. */
const CHECKSUM = {at: 148, length: 8};

/**
 * A tar archive in the format that POSIX calls ustar, which every tar reads: per file a header of 512 bytes and its content, filled up to
 * blocks; two empty blocks end it. Throws a plain error ("bug") on a path of more than 100 bytes. Pure.
 * Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format"
 */
export function tarOf(files: readonly TarFile[], mtimeMs: number): Buffer {
  const blocks = files.flatMap(({path, content}) => [headerOf(path, content.length, mtimeMs), padded(content)]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(path: string, bytes: number, mtimeMs: number): Buffer {
  if (Buffer.byteLength(path) > LONGEST_NAME) throw new Error(`bug: the path is too long for a tar: ${path}`);
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0, 'utf8');
  header.write(octal(0o600, 7), 100);
  // Owner and group are nobody's business.
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(bytes, 11), 124);
  header.write(octal(Math.floor(mtimeMs / 1000), 11), 136);
  header.fill(' ', CHECKSUM.at, CHECKSUM.at + CHECKSUM.length);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, CHECKSUM.at);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}
