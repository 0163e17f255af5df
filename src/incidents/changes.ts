import type {Container} from '../domain/containers.ts';
import type {IncidentEvent} from './event.ts';

/** What of a container says that it was replaced, by its key. */
export type Seen = ReadonlyMap<
	string,
	Pick<Container, 'id' | 'imageId' | 'image'> & Partial<Pick<Container, 'project' | 'createdAtMs'>>
>;

/** The containers as they are, for the next comparison; without those that only help an operation of ours. */
export function seenOf(containers: readonly Container[]): Seen {
	return new Map(
		containers
			.filter(({operation}) => operation === undefined)
			.map(({key, id, imageId, image, project, createdAtMs}) => [
				key,
				{id, imageId, image, createdAtMs, ...(project !== undefined && {project})},
			]),
	);
}

/** What was seen of one project alone; all of it where none is named. */
export function seenIn(seen: Seen, project: string | undefined): Seen {
	return project === undefined
		? seen
		: new Map([...seen].filter(([, container]) => container.project === project));
}

/**
 * What was deployed between two looks: containers that were made anew, with the image where it is another one, and such
 * that came or went. A restart replaces nothing and is no change.
 */
export function changesOf(
	before: Seen,
	now: Seen,
): readonly (IncidentEvent & {readonly kind: 'change'})[] {
	const changes: (IncidentEvent & {readonly kind: 'change'})[] = [];
	for (const [key, {id, imageId, image, createdAtMs}] of now) {
		const old = before.get(key);
		// The engine knows when it was made, whoever looks later.
		const at = createdAtMs === undefined ? {} : {happenedAtMs: createdAtMs};
		if (!old) changes.push({kind: 'change', change: 'deploy', text: `${key} + ${image}`, ...at});
		else if (old.imageId !== imageId) {
			const text = `${key}: ${old.image} ${shortId(old.imageId)} -> ${image} ${shortId(imageId)}`;
			changes.push({kind: 'change', change: 'image', text, ...at});
		} else if (old.id !== id) {
			changes.push({kind: 'change', change: 'deploy', text: `${key} = ${image}`, ...at});
		}
	}

	for (const [key, {image}] of before) {
		if (!now.has(key)) changes.push({kind: 'change', change: 'deploy', text: `${key} - ${image}`});
	}

	return changes;
}

function shortId(imageId: string): string {
	return imageId.replace(/^sha256:/, '').slice(0, 12);
}
