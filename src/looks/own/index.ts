import {readDockerEngine} from './docker.ts';
import {readJobs} from './jobs.ts';
import {readSchedules} from './schedules.ts';

/** How the looks at opsconsole itself and at its engine are read. */
export const ownReaders = {
	'jobs.state': readJobs,
	'docker.engine': readDockerEngine,
	'schedules.state': readSchedules,
};
