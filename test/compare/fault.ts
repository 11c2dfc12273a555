/** A single change of one object on the target, and how the comparison has to name it. */
export interface ObjectFault {
  /** SQL for the target, as superuser; undone by the next fault's fresh database, not by itself. */
  readonly change: string;
  /** The object that has to be named. */
  readonly object: string;
  /** How it has to differ. */
  readonly differs: string;
  /** Servers before this release have nothing of the kind. */
  readonly from?: number;
  /** Whether it is no statement that mends it: people make the object anew. */
  readonly people?: boolean;
}

/** Of a fault: no statement mends it. */
export function forPeople(fault: ObjectFault): ObjectFault {
  return {...fault, people: true};
}

export function changed(object: string, part: string, change: string, from = 0): ObjectFault {
  return {object, differs: `has another ${part}`, change, from};
}

export function missing(object: string, change: string, from = 0): ObjectFault {
  return {object, differs: 'is not there', change, from};
}

export function extra(object: string, change: string, from = 0): ObjectFault {
  return {object, differs: 'is on the target only', change, from};
}

export function notSo(grant: string, change: string): ObjectFault {
  return {object: `grant ${grant}`, differs: 'is not so', change};
}

/** A part of an object that no statement mends: it is made anew. */
export function anew(object: string, part: string, change: string, from = 0): ObjectFault {
  return forPeople(changed(object, part, change, from));
}
