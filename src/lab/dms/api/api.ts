import {setFaults} from '../task/faults.ts';
import type {Operation} from './operation.ts';
import {changeOperations} from './operations.ts';
import {describeOperations} from './describe.ts';
import {ApiError, textOf} from './requests.ts';

/** Faults of a task, by its slot or ARN: an operation that AWS does not have. */
const setTaskFaults: Operation = ({store, tasks}, request) => {
  const task = tasks.find(textOf(request, 'Task'));
  if (task === undefined) throw new ApiError('ResourceNotFoundFault', 'there is no such task');
  setFaults(task.faults, request);
  store.save();
  return {Faults: {...task.faults}};
};

/** What the stand-in answers, by the operation's name in `x-amz-target`. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...describeOperations,
  ...changeOperations,
  SetTaskFaults: setTaskFaults,
};
