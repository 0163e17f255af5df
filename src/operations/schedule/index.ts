import type {Operation} from '../operation.ts';
import {installSchedule} from './install.ts';
import {removeSchedule} from './remove.ts';

/** What changes the schedule of this machine, by id. */
export const scheduleOperations: Readonly<Record<string, Operation>> = {
	[installSchedule.id]: installSchedule,
	[removeSchedule.id]: removeSchedule,
};
