import {clean} from '../../domain/clean.ts';
import {ProblemError, type Problem} from '../../domain/problem.ts';
import {cronFileName, isOurs, isUnitName} from '../../domain/schedule.ts';
import type {Io} from '../../io/io.ts';
import type {PlaceRequest, ScheduleForm} from './request.ts';

/** A folder in which schedules are installed, with the files there that have our names. */
export type SchedulePlace = {
	readonly form: ScheduleForm;
	readonly folder: string;
	/** Group of the folder, which its files get. */
	readonly groupId: number;
	readonly files: readonly {
		readonly name: string;
		readonly isOurs: boolean;
		readonly text: string;
	}[];
};

const folders = {systemd: '/etc/systemd/system', cron: '/etc/cron.d'} as const;

function problem(code: Problem['code'], params: Problem['params']): ProblemError {
	return new ProblemError({code, params, retry: 'rarely'});
}

/** Whether systemd runs this machine, as sd_booted(3) finds out. */
export async function isSystemd({files}: Io): Promise<boolean> {
	return files.lstat('/run/systemd/system').then(
		({kind}) => kind === 'folder',
		() => false,
	);
}

async function readOwn(io: Io, path: string, kind: string): Promise<string | undefined> {
	if (kind !== 'file') return undefined;
	return io.files.readText(path, 100_000).catch(() => undefined);
}

/**
 * The place of one form, as it is now. Rejects with `schedule-folder` where the folder is not there, and with
 * `schedule-foreign` where a file with one of our names is not ours.
 */
export async function readPlace(
	io: Io,
	form: ScheduleForm,
	folder: string = folders[form],
): Promise<SchedulePlace> {
	const shown = clean(folder, 300);
	try {
		const {kind, groupId} = await io.files.lstat(folder);
		if (kind !== 'folder') throw new Error('it is no folder');
		const names = await io.files.names(folder, 20_000);
		const own = names.filter(({name}) =>
			form === 'cron' ? name === cronFileName : isUnitName(name),
		);
		const files = await Promise.all(
			own.map(async entry => {
				const text = await readOwn(io, `${folder}/${entry.name}`, entry.kind);
				return {
					name: entry.name,
					isOurs: text !== undefined && isOurs(text),
					text: text ?? '',
				};
			}),
		);
		return {form, folder, groupId, files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1))};
	} catch (error) {
		const cause =
			error instanceof Error && 'code' in error ? String(error.code) : clean(String(error), 100);
		throw problem('schedule-folder', {folder: shown, cause});
	}
}

/** Refuses where one of these names is taken by a file that is not ours. */
export function refuseForeign(place: SchedulePlace, names: readonly string[]): void {
	const foreign = place.files.find(file => !file.isOurs && names.includes(file.name));
	if (foreign === undefined) return;
	throw problem('schedule-foreign', {file: clean(`${place.folder}/${foreign.name}`, 300)});
}

/** Where a request means: as it says, else systemd where it runs, else cron. */
export async function choosePlace(io: Io, {form, folder}: PlaceRequest): Promise<SchedulePlace> {
	const chosen = form ?? ((await isSystemd(io)) ? 'systemd' : 'cron');
	return readPlace(io, chosen, folder);
}

/** Every place where something of ours is installed now: the requested one, else both usual ones. */
export async function installedPlaces(
	io: Io,
	request: PlaceRequest,
): Promise<readonly SchedulePlace[]> {
	const {form, folder} = request;
	const places =
		form !== undefined || folder !== undefined
			? [await choosePlace(io, request)]
			: await Promise.all(
					(['systemd', 'cron'] as const).map(each => readPlace(io, each).catch(() => undefined)),
				);
	return places.flatMap(place => {
		const files = place?.files.filter(file => file.isOurs) ?? [];
		return place !== undefined && files.length > 0 ? [{...place, files}] : [];
	});
}
