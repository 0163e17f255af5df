import {clean} from '../../domain/clean.ts';
import {timeOf} from '../../domain/container-facts.ts';
import {listOf, numberOf, objectOf, textOf, textsOf, type Json} from '../../domain/unknown.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {getIfThere, getShared} from '../shared-get.ts';
import {secondsSince, subjectOf} from './subject.ts';

/** An image of the engine's list. */
type Listed = {
	readonly id: string;
	readonly tags: readonly string[];
	readonly repositories: readonly string[];
	readonly labels: Json;
	readonly createdAtMs: number;
};

/** The image by its name or id, as the engine has it; undefined where it is not here. */
export function imageOf(facts: Pick<LookFacts, 'io' | 'signal'>, name: string): Promise<unknown> {
	return getIfThere(facts, `/images/${encodeURIComponent(name)}/json`);
}

/** A name without its tag and digest: `host:5000/shop/web:1.2` is `host:5000/shop/web`. */
export function repositoryOf(name: string): string {
	return name.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

function listed(value: unknown): Listed {
	const image = objectOf(value);
	const tags = textsOf(image['RepoTags']).filter(tag => tag !== '<none>:<none>');
	return {
		id: textOf(image['Id']),
		tags,
		repositories: [...tags, ...textsOf(image['RepoDigests'])].map(repositoryOf),
		labels: objectOf(image['Labels']),
		createdAtMs: (numberOf(image['Created']) ?? 0) * 1000,
	};
}

/** Compose writes these labels into what it builds. */
function isBuiltFor(labels: Json, own: Json): boolean {
	return ['project', 'service'].every(name => {
		const label = `com.docker.compose.${name}`;
		return textOf(own[label]) !== '' && labels[label] === own[label];
	});
}

/** Other images of the same repository or service, the newest first: what could be gone back to. */
async function others(
	facts: LookFacts,
	own: {readonly id: string; readonly repository: string; readonly labels: Json},
): Promise<readonly Listed[]> {
	const images = listOf(await getShared(facts, '/images/json')).map(listed);
	return images
		.filter(({id}) => id !== own.id)
		.filter(
			({repositories, labels}) =>
				repositories.includes(own.repository) || isBuiltFor(labels, own.labels),
		)
		.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
}

/** The image that the container runs, and what its name means now. */
export const readServiceImage: LookReader<'service.image'> = async facts => {
	const {container, inspection, key} = await subjectOf(facts);
	if (container === undefined) {
		return {
			values: {
				name: undefined,
				'is-missing': undefined,
				'is-outdated': undefined,
				'is-wrong-platform': undefined,
				age: undefined,
				'container-age': undefined,
				'has-previous': undefined,
				previous: undefined,
			},
			lines: [`${key}: no such container`],
		};
	}

	const labels = objectOf(objectOf(objectOf(inspection)['Config'])['Labels']);
	const repository = repositoryOf(container.image);
	const [own, named, version, rest] = await Promise.all([
		imageOf(facts, container.imageId),
		imageOf(facts, container.image),
		getShared(facts, '/version'),
		others(facts, {id: container.imageId, repository, labels}),
	]);
	const namedId = textOf(objectOf(named)['Id']);
	const architecture = textOf(objectOf(own)['Architecture']);
	const host = textOf(objectOf(version)['Arch']);
	const [previous] = rest;
	const previousName = previous && (previous.tags[0] ?? previous.id.slice(7, 19));
	return {
		values: {
			name: container.image,
			'is-missing': named === undefined,
			'is-outdated': named === undefined ? undefined : namedId !== container.imageId,
			'is-wrong-platform': architecture === '' || host === '' ? undefined : architecture !== host,
			age: secondsSince(facts.io, timeOf(objectOf(own)['Created'])),
			'container-age': secondsSince(facts.io, container.createdAtMs),
			'has-previous': previous !== undefined,
			previous: previousName === undefined ? undefined : clean(previousName, 200),
		},
		lines: [
			`runs: ${container.imageId.slice(0, 19)}`,
			...(namedId === '' ? [] : [clean(`${container.image}: ${namedId.slice(0, 19)}`, 300)]),
			...rest
				.slice(0, 5)
				.map(({id, tags}) => clean(`${tags.join(' ')} ${id.slice(0, 19)}`.trim(), 300)),
		],
	};
};
