import {
	composeChanges,
	networksOf,
	type ComposeChange,
	type ComposeService,
} from '../../domain/compose-config.ts';
import type {ComposePlace} from '../../domain/compose-place.ts';
import {textOf, objectOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import type {Compose} from './compose.ts';
import {inspect, type ComposeUnit} from './find.ts';
import {isNotFound, refuse} from './refuse.ts';

/** What recreating one service would change; `changes` is empty where nothing. */
export type Recreation = {
	readonly unit: ComposeUnit;
	readonly compose: Compose;
	/** Hash of the configuration as its file is now. */
	readonly hash: string;
	/** Id of the image that the configuration names. */
	readonly imageId: string;
	readonly changes: readonly ComposeChange[];
};

/** Id of the image of a name; rejects where it is not here, because `up` would pull or build it during the outage. */
async function imageIdOf({io, signal}: Look, name: string, service: string): Promise<string> {
	try {
		const image = await io.docker.get(`/images/${encodeURIComponent(name)}/json`, signal);
		return textOf(objectOf(image)['Id']);
	} catch (error) {
		if (!isNotFound(error)) throw error;
		throw refuse('service-image-missing', {name: service, image: name});
	}
}

/**
 * What is wrong with the networks of a container, which its file does not tell: it was taken out of all of them, or one
 * was removed. Only a new container is put right by Compose.
 */
async function networkChanges(
	{io, signal}: Look,
	inspection: unknown,
): Promise<readonly ComposeChange[]> {
	const networks = networksOf(inspection);
	if (networks?.length === 0) return [{what: 'network', detail: ''}];
	const changes = (networks ?? []).map(async ({name, id}): Promise<readonly ComposeChange[]> => {
		try {
			await io.docker.get(`/networks/${encodeURIComponent(id || name)}`, signal);
			return [];
		} catch (error) {
			if (!isNotFound(error)) throw error;
			return [{what: 'network', detail: name}];
		}
	});
	return (await Promise.all(changes)).flat();
}

function isNamed({what}: ComposeChange): boolean {
	return what !== 'other';
}

/**
 * Whether the hash of a container cannot be compared: `up --no-deps` of generation 2 leaves the dependencies out of it
 * and of the labels (docker/compose issue 12069). Then only what can be named counts as a change.
 */
export function isHashStripped(
	place: ComposePlace | undefined,
	{dependsOn}: Pick<ComposeService, 'dependsOn'>,
): boolean {
	return place?.generation === 2 && place.dependsOn.length === 0 && dependsOn.length > 0;
}

/** Compares the containers of a service with its file as it is now. */
export async function recreationOf(
	look: Look,
	unit: ComposeUnit,
	compose: Compose,
): Promise<Recreation> {
	const {project, service, members, name} = unit;
	const wanted = compose.services.get(service);
	const hash = compose.hashes.get(service);
	if (wanted === undefined || hash === undefined) {
		throw refuse('service-not-in-file', {name, files: compose.project.files.join(', ')});
	}

	const joint = compose.program.generation === 1 ? '_' : '-';
	const imageId = await imageIdOf(look, wanted.image ?? `${project}${joint}${service}`, name);
	const changes = await Promise.all(
		members.map(async ({container, compose: place}) => {
			const inspection = await inspect(look, container.id);
			const image = await look.io.docker
				.get(`/images/${encodeURIComponent(container.imageId)}/json`, look.signal)
				.catch(() => undefined);
			const running = {inspection, image, newImageId: imageId};
			const ofFile =
				place?.hash !== hash && isHashStripped(place, wanted)
					? composeChanges(wanted, {...running, isSameHash: false}).filter(isNamed)
					: composeChanges(wanted, {...running, isSameHash: place?.hash === hash});
			return [...ofFile, ...(await networkChanges(look, inspection))];
		}),
	);
	const distinct = new Map(changes.flat().map(change => [JSON.stringify(change), change]));
	return {unit, compose, hash, imageId, changes: [...distinct.values()]};
}

/** One change as a sentence for the card. */
export function sayChange(name: string, {what, detail}: ComposeChange): Phrase {
	switch (what) {
		case 'image':
			return {code: 'service-change-image', params: {name, image: detail || '-'}};
		case 'environment':
			return {code: 'service-change-variable', params: {name, variable: detail}};
		case 'command':
			return {code: 'service-change-command', params: {name}};
		case 'network':
			return detail === ''
				? {code: 'service-change-detached', params: {name}}
				: {code: 'service-change-network', params: {name, network: detail}};
		case 'other':
			return {code: 'service-change-other', params: {name}};
	}
}
