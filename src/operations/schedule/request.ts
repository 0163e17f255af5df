import type {ScheduleProgram} from '../../domain/schedule.ts';
import {textsOf} from '../../domain/unknown.ts';
import {badRequest, fieldsOf, mayText, needText} from '../shared/request.ts';

/** systemd's timers, or one file for cron. */
export type ScheduleForm = 'systemd' | 'cron';

/** Where a schedule is installed; both found out where absent. */
export type PlaceRequest = {
	readonly form?: ScheduleForm;
	/** Absolute; instead of /etc/systemd/system or /etc/cron.d. */
	readonly folder?: string;
};

/** What `install-schedule` is asked for: place, and how its jobs start this program. */
export type InstallRequest = PlaceRequest & ScheduleProgram;

function checkPath(name: string, path: string): string {
	// Neither a crontab nor a unit can hold these, whatever the quotes.
	if (path.startsWith('/') && !/\p{Cc}/u.test(path)) return path;
	throw badRequest(name, path, 'an absolute path');
}

function placeOf(fields: ReturnType<typeof fieldsOf>): PlaceRequest {
	const form = mayText(fields, 'form');
	const folder = mayText(fields, 'folder', 1000);
	if (form !== undefined && form !== 'systemd' && form !== 'cron') {
		throw badRequest('form', form, 'systemd or cron');
	}

	return {
		...(form !== undefined && {form}),
		...(folder !== undefined && {folder: checkPath('folder', folder).replace(/\/+$/, '')}),
	};
}

/** Checks a request for `remove-schedule`. */
export function parsePlace(request: unknown): PlaceRequest {
	return placeOf(fieldsOf(request, ['form', 'folder']));
}

/** Checks a request for `install-schedule`. */
export function parseInstall(request: unknown): InstallRequest {
	const fields = fieldsOf(request, ['form', 'folder', 'argv', 'workFolder', 'user']);
	const argv = textsOf(fields['argv']);
	const user = needText(fields, 'user', 64);
	if (!/^[a-z_][\w.-]*\$?$/i.test(user)) throw badRequest('user', user, 'the name of an account');
	if (argv.length > 50 || argv.some(word => /\p{Cc}/u.test(word) || word.length > 1000)) {
		throw badRequest('argv', argv, 'a program and its options');
	}

	checkPath('argv', argv[0] ?? '');
	return {
		...placeOf(fields),
		argv,
		user,
		workFolder: checkPath('workFolder', needText(fields, 'workFolder', 1000)),
	};
}
