/**
 * The names in a setting that is a list, as Postgres reads it: `a, "b, c"` → `a` and `b, c`. A list that somebody quoted as one string is one
 * name with commas in it, which loads nothing. Pure.
 * Source: SplitDirectoriesString() and SplitIdentifierString() in src/backend/utils/adt/varlena.c
 */
export function parseNameList(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|[^\s,"]+/g)].map(([whole, quoted]) =>
    quoted === undefined ? whole : quoted.replaceAll('""', '"'),
  );
}
