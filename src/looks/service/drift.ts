import {clean} from '../../domain/clean.ts';
import {composeChanges, type ComposeService} from '../../domain/compose-config.ts';
import {composePlace, type ComposePlace} from '../../domain/compose-place.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {readComposeFiles, type ComposeReading} from '../stack/compose-read.ts';
import {membersOf, projectOf} from '../stack/members.ts';
import {imageOf} from './image.ts';
import {subjectOf, type Subject} from './subject.ts';

const unknown = {
	'is-in-file': undefined,
	'is-changed': undefined,
	image: undefined,
	'is-image-missing': undefined,
	'is-image-changed': undefined,
	'is-command-changed': undefined,
	variables: undefined,
	'first-variable': undefined,
	unset: undefined,
	'first-unset': undefined,
};

/** Where the container comes from; where it is gone, its project's others say it. */
async function placeOf(
	facts: LookFacts,
	{key, inspection}: Subject,
): Promise<ComposePlace | undefined> {
	const labels = objectOf(objectOf(objectOf(inspection)['Config'])['Labels']);
	const own = composePlace(labels);
	const [project = '', service = ''] = key.split('/');
	if (own !== undefined || service === '') return own;
	const other = projectOf(await membersOf(facts, project), project);
	return other && {...other, service, hash: ''};
}

/** The differences between the file and the container; undefined where there is no container. */
async function differences(
	facts: LookFacts,
	{container, inspection}: Subject,
	compared: {
		readonly service: ComposeService;
		readonly place: ComposePlace;
		readonly reading: ComposeReading;
		readonly newImageId: string | undefined;
	},
) {
	if (container === undefined) return undefined;
	const {service, place, reading, newImageId} = compared;
	const image = await imageOf(facts, container.imageId);
	const isSameHash = reading.hashes.get(place.service) === place.hash;
	return composeChanges(service, {
		inspection,
		image,
		isSameHash,
		...(newImageId !== undefined && {newImageId}),
	});
}

/** How the container differs from what its Compose file says now; by names, never by values. */
export const readServiceDrift: LookReader<'service.drift'> = async facts => {
	const subject = await subjectOf(facts);
	const place = await placeOf(facts, subject);
	if (place === undefined) return {values: unknown, lines: [`${subject.key}: not of Compose`]};
	const reading = await readComposeFiles(facts, place, 'config-and-hashes');
	if ('missing' in reading)
		return {values: unknown, lines: [clean(`missing: ${reading.missing}`, 300)]};
	if ('program' in reading)
		return {values: unknown, lines: [`Compose ${reading.program} is not installed`]};
	const {unset, error} = reading;
	const named = {unset: unset.length, 'first-unset': unset[0] && clean(unset[0], 100)};
	if (error) return {values: {...unknown, ...named}, lines: [error.text]};
	const service = reading.services.get(place.service);
	if (service === undefined) {
		const values = {...unknown, ...named, 'is-in-file': false};
		return {values, lines: [`${place.service}: not in ${reading.files.join(', ')}`]};
	}

	// Compose names what it builds after project and service.
	const separator = place.generation === 1 ? '_' : '-';
	const wanted = service.image ?? `${place.project}${separator}${place.service}`;
	const image = await imageOf(facts, wanted);
	const newImageId = image === undefined ? undefined : textOf(objectOf(image)['Id']);
	const changes = await differences(facts, subject, {service, place, reading, newImageId});
	const variables = changes?.filter(({what}) => what === 'environment').map(({detail}) => detail);
	return {
		values: {
			...named,
			'is-in-file': true,
			'is-changed': changes && changes.length > 0,
			image: clean(wanted, 200),
			'is-image-missing': image === undefined,
			'is-image-changed': changes?.some(({what}) => what === 'image'),
			'is-command-changed': changes?.some(({what}) => what === 'command'),
			variables: variables?.length,
			'first-variable': variables?.[0],
		},
		lines: (changes ?? []).slice(0, 20).map(({what, detail}) => `${what} ${detail}`.trim()),
	};
};
