/** Why a task of the stand-in ends by itself; its message is LastFailureMessage. */
export class TaskFailure extends Error {}
