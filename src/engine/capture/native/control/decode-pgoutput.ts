import {parseLsn, type Lsn} from '../../../../domain/pg/lsn.ts';
import {formatRelation, sameRelation, type RelationName} from '../../../../domain/pg/relation.ts';
import type {PeekedMessage} from '../../../../pg/capture/peek.ts';
import type {StuckTransaction} from '../../capture.ts';
import type {NamedBy} from './other-identity.ts';

/** A relation as pgoutput names it, with the columns that name a row. */
interface Relation {
  readonly name: RelationName;
  readonly columns: readonly {readonly name: string; readonly isKey: boolean}[];
}

/** A transaction, with how it names the rows that it changes or deletes. */
export interface DecodedTransaction extends StuckTransaction {
  readonly named: readonly NamedBy[];
}

/** A longer value names no row to anybody. */
const LONGEST = 40;
/** With REPLICA IDENTITY FULL every column is of the key. */
const MOST_COLUMNS = 4;

/**
 * The transaction that these messages are of, with its changes in words: `UPDATE public.orders (id 17)`. Of rows only what names them is shown. Null where there is none. Pure.
 * Source: https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
 */
export function decodeTransaction(slot: string, messages: readonly PeekedMessage[]): DecodedTransaction | null {
  const relations = new Map<number, Relation>();
  const changes: string[] = [];
  const tables: RelationName[] = [];
  const named: NamedBy[] = [];
  let ends: {commitLsn: Lsn; endLsn: Lsn; xid: string; count: number} | null = null;
  for (const {xid, message, changes: count} of messages) {
    const from = new Reader(Buffer.from(message, 'hex'));
    const kind = from.letter();
    if (kind === 'R') {
      const [id, relation] = readRelation(from);
      relations.set(id, relation);
    } else if (kind === 'C') {
      from.skip(1);
      ends = {commitLsn: from.lsn(), endLsn: from.lsn(), xid, count};
    } else if (kind !== 'B') {
      const change = readChange(kind, from, relations);
      changes.push(change.words);
      if (kind !== 'I') named.push(...change.named);
      tables.push(...change.tables.filter((table) => !tables.some((one) => sameRelation(one, table))));
    }
  }
  return ends === null ? null : {slot, ...ends, changes, tables, named};
}

function readRelation(from: Reader): [number, Relation] {
  const id = from.int32();
  const name = {schema: from.text(), name: from.text()};
  from.skip(1);
  const columns = Array.from({length: from.int16()}, () => {
    const isKey = (from.byte() & 1) === 1;
    const column = from.text();
    from.skip(8);
    return {name: column, isKey};
  });
  // Tables of the catalog come without their schema's name.
  return [id, {name: {...name, schema: name.schema === '' ? 'pg_catalog' : name.schema}, columns}];
}

const WORDS: Readonly<Record<string, string>> = {I: 'INSERT', U: 'UPDATE', D: 'DELETE'};

function readChange(
  kind: string,
  from: Reader,
  relations: ReadonlyMap<number, Relation>,
): {words: string; tables: RelationName[]; named: NamedBy[]} {
  if (kind === 'T') {
    const count = from.int32();
    from.skip(1);
    const truncated = Array.from({length: count}, () => relations.get(from.int32())?.name).filter(
      (one) => one !== undefined,
    );
    return {words: `TRUNCATE ${truncated.map((one) => formatRelation(one)).join(', ')}`, tables: truncated, named: []};
  }
  const relation = relations.get(from.int32());
  if (relation === undefined) return {words: WORDS[kind] ?? kind, tables: [], named: []};
  // Of an update the first tuple is the row as it was, where its key has changed; else the row as it is.
  from.skip(1);
  return {
    words: `${WORDS[kind] ?? kind} ${formatRelation(relation.name)}${readKey(from, relation)}`,
    tables: [relation.name],
    named: [{table: relation.name, columns: relation.columns.flatMap(({name, isKey}) => (isKey ? [name] : []))}],
  };
}

/** ` (id 17)`; nothing where the row has no key, or the message was too long to be read whole. */
function readKey(from: Reader, {columns}: Relation): string {
  const keys = columns.filter(({isKey}) => isKey).length;
  if (keys === 0 || keys > MOST_COLUMNS) return '';
  const words: string[] = [];
  const count = from.int16();
  for (let index = 0; index < count && !from.isOver; index += 1) {
    const kind = from.letter();
    const value = kind === 't' ? from.string(from.int32()) : null;
    const column = columns[index];
    if (column?.isKey === true) words.push(`${column.name} ${value === null ? 'null' : shorten(value)}`);
  }
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function shorten(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}

/** Reads what a message has, in its order; beyond its end there are zeros. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  byte(): number {
    this.#at += 1;
    return this.#bytes[this.#at - 1] ?? 0;
  }

  letter(): string {
    return String.fromCodePoint(this.byte());
  }

  int16(): number {
    return (this.byte() << 8) | this.byte();
  }

  int32(): number {
    return ((this.int16() << 16) | this.int16()) >>> 0;
  }

  lsn(): Lsn {
    return parseLsn(`${this.int32().toString(16)}/${this.int32().toString(16)}`.toUpperCase());
  }

  string(length: number): string {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at).toString('utf8');
  }

  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const length = (end === -1 ? this.#bytes.length : end) - this.#at;
    const read = this.string(length);
    this.skip(1);
    return read;
  }
}
