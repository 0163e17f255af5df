import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {LookReader} from '../reader.ts';
import {readComposeFiles} from './compose-read.ts';
import {membersOf, projectOf} from './members.ts';

/** Whether the Compose file of the project is there and valid, by the Compose that made its containers. */
export const readComposeConfig: LookReader<'compose.config'> = async facts => {
	const place = projectOf(await membersOf(facts, facts.scope.project), facts.scope.project);
	if (place === undefined) {
		const params = {subject: 'Compose project'};
		throw new ProblemError({code: 'look-nothing-here', params, retry: 'rarely'});
	}

	const reading = await readComposeFiles(facts, place, 'config');
	const nothing = {
		'is-file-there': true,
		file: place.files[0],
		'is-valid': undefined,
		kind: undefined,
		error: undefined,
		'error-line': undefined,
		unset: undefined,
		'first-unset': undefined,
		services: undefined,
	};
	if ('missing' in reading) {
		const isNamed = reading.missing !== 'labels';
		return {
			values: {
				...nothing,
				'is-file-there': isNamed ? false : undefined,
				file: isNamed ? clean(reading.missing, 300) : undefined,
				'is-valid': isNamed ? false : undefined,
				kind: isNamed ? 'missing-file' : undefined,
			},
			lines: [clean(`${place.folder}: ${reading.missing}`, 400)],
		};
	}

	if ('program' in reading) {
		return {values: nothing, lines: [`Compose ${reading.program} is not installed`]};
	}

	const {files, unset, services, error} = reading;
	return {
		values: {
			...nothing,
			file: files[0],
			'is-valid': error === undefined,
			kind: error?.kind ?? 'none',
			error: error?.text,
			'error-line': error?.line,
			unset: unset.length,
			'first-unset': unset[0],
			services: error === undefined ? services.size : undefined,
		},
		lines: [
			...files,
			...(error ? [error.text] : []),
			...(unset.length === 0 ? [] : [clean(`not set: ${unset.join(', ')}`, 500)]),
		].slice(0, 20),
	};
};
