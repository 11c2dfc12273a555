import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import type {TypeRow} from './column-types.ts';

/** What the values of a column are made of, the same on two servers whose types are the same; a domain is what it is made from. */
export type ValueType =
  /** `int8`, `public.mood`: one of pg_catalog without its schema. */
  (
    | {readonly kind: 'plain'; readonly name: string}
    | {readonly kind: 'array'; readonly element: ValueType}
    | {readonly kind: 'range'; readonly name: string; readonly subtype: ValueType}
    | {
        readonly kind: 'composite';
        readonly name: string;
        readonly attributes: readonly {readonly name: string; readonly type: ValueType}[];
      }
  ) & {
    /** Where somebody has made a cast to text of it, the type by its name. */
    readonly cast?: string;
  };

/** The type of this oid, from a server's types by their oids. Pure. Throws "bug" for one that was not read. */
export function valueType(types: ReadonlyMap<string, TypeRow>, oid: string): ValueType {
  const row = types.get(oid);
  if (row === undefined) throw new Error(`bug: the type ${oid} was not read`);
  const name = row.schema === 'pg_catalog' ? row.name : `${quoteIdentifier(row.schema)}.${quoteIdentifier(row.name)}`;
  if (row.kind === 'd') return valueType(types, row.base);
  const cast = row.isCast ? {cast: name} : {};
  if (row.isArray) return {kind: 'array', element: valueType(types, row.element), ...cast};
  if (row.kind === 'r') return {kind: 'range', name, subtype: valueType(types, row.subtype), ...cast};
  if (row.kind !== 'c') return {kind: 'plain', name, ...cast};
  const attributes = row.attributes.map((attribute, at) => ({
    name: attribute,
    type: valueType(types, row.attributeTypes[at] ?? ''),
  }));
  return {kind: 'composite', name, attributes, ...cast};
}

/**
 * How a value is written so that two servers write the same where its bits are the same, and another text where they are not; SQL that is null
 * for null. Almost everywhere that is its own text, under the settings of pinSession. `binaryFloats`: one of the servers is from before 12,
 * which writes floats otherwise than the other. Pure.
 */
export function textForm(value: string, type: ValueType, binaryFloats: boolean): string {
  return ownForm(value, type, binaryFloats) ?? asText(value, type);
}

/** What the type's own output function writes: a cast to text that somebody has made says what he likes, and an array's elements have none. */
function asText(value: string, {cast}: ValueType): string {
  return cast === undefined ? `${value}::text` : `nullif(ARRAY[(${value})::${cast}]::text COLLATE "C", '{NULL}')`;
}

const FLOATS = ['float4', 'float8'];
const GEOMETRIC: Readonly<Record<string, string>> = {
  point: 'point_send',
  lseg: 'lseg_send',
  path: 'path_send',
  box: 'box_send',
  polygon: 'poly_send',
  line: 'line_send',
  circle: 'circle_send',
};

/** An array's element by a name that no column and no attribute has. */
const ELEMENT = 'longhaul_element';

/** Null where the value's own text will do. */
function ownForm(value: string, type: ValueType, binaryFloats: boolean): string | null {
  switch (type.kind) {
    case 'plain':
      return plainForm(value, type.name, binaryFloats);
    case 'array': {
      // Of "char" and of floats; array_dims is null for an empty array. Unnested in FROM a composite that is null would be a row of nulls.
      const element =
        type.element.kind === 'plain' && type.element.name === 'bpchar'
          ? null
          : ownForm(ELEMENT, type.element, binaryFloats);
      return element === null && type.cast === undefined
        ? null
        : `CASE WHEN ${value} IS NOT NULL THEN coalesce(array_dims(${value}), '') || ARRAY(SELECT ${element ?? asText(ELEMENT, type.element)} FROM (SELECT unnest(${value}) AS ${ELEMENT}) AS elements)::text END`;
    }
    case 'range': {
      if (ownForm(value, type.subtype, binaryFloats) === null) return null;
      const ends = ['lower', 'upper'].map((end) => textForm(`${end}(${value})`, type.subtype, binaryFloats));
      const marks = ['isempty', 'lower_inc', 'upper_inc', 'lower_inf', 'upper_inf'].map((name) => `${name}(${value})`);
      return `CASE WHEN ${value} IS NOT NULL THEN ROW(${[...marks, ...ends].join(', ')})::text END`;
    }
    case 'composite': {
      const parts = type.attributes.map(({name, type: part}) => {
        const attribute = `(${value}).${quoteIdentifier(name)}`;
        return {own: ownForm(attribute, part, binaryFloats), text: asText(attribute, part)};
      });
      if (parts.every(({own}) => own === null)) return null;
      // A row of nulls IS NULL, and has a text.
      return `CASE WHEN ${asText(value, type)} IS NOT NULL THEN ROW(${parts.map(({own, text}) => own ?? text).join(', ')})::text END`;
    }
  }
}

function plainForm(value: string, name: string, binaryFloats: boolean): string | null {
  // Its cast to text takes the blanks off the end.
  if (name === 'bpchar') return `textin(bpcharout(${value}))`;
  // From 16 on a byte above 127 is written otherwise.
  if (name === 'char') return `(${value}::int4)::text`;
  // Its cast to text shows a declaration as it was stored; what leaves a server, and every load, has none that says nothing, and loses line breaks in front.
  if (name === 'xml') return `ltrim(textin(xml_out(${value})), E'\\n')`;
  if (!binaryFloats) return null;
  // A NaN may have a sign, which no text tells and no load carries.
  if (FLOATS.includes(name))
    return `CASE WHEN ${value} = 'NaN' THEN 'NaN' ELSE encode(${name}send(${value}), 'hex') END`;
  const send = GEOMETRIC[name];
  return send === undefined
    ? null
    : `replace(encode(${send}(${value}), 'hex'), 'fff8000000000000', '7ff8000000000000')`;
}
