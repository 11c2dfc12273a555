import type {Json} from './store.ts';

/** A refusal as the API gives it: `ResourceNotFoundFault`. */
export class ApiError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** A text of a request; an empty one where it is not given. */
export function textOf(request: Json, key: string): string {
  const value = request[key];
  return typeof value === 'string' ? value : '';
}

/** A text that has to be given. */
export function mustHave(request: Json, key: string): string {
  const value = textOf(request, key);
  if (value === '')
    throw new ApiError('ValidationException', `The parameter ${key} must be provided and must not be blank.`);
  return value;
}

/** An object of a request; an empty one where it is not given. */
export function objectOf(request: Json, key: string): Json {
  const value = request[key];
  return isObject(value) ? value : {};
}

/** Whether it is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values of a filter: `replication-task-arn`; null where the request does not filter by it. */
export function filterOf(request: Json, name: string): readonly string[] | null {
  const filters = request['Filters'];
  if (!Array.isArray(filters)) return null;
  const found: unknown = filters.find((one) => isObject(one) && one['Name'] === name);
  if (!isObject(found) || !Array.isArray(found['Values'])) return null;
  return found['Values'].filter((value) => typeof value === 'string');
}

/** JSON that was given as a text, such as task settings; an empty object where it is none. */
export function parseObject(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
