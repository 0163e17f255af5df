import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {listOf, numberOf, objectOf, textOf, textsOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {
	dayMs,
	nothingToClean,
	oneByOne,
	oneByOneDraft,
	parseDays,
	type EngineCommand,
} from './one-by-one.ts';

/** `days`: how old an unused image must be, 7 unless told. */
export type CleanImagesRequest = {readonly days?: number};

/** One image of the engine. */
type Image = {
	readonly id: string;
	readonly tags: readonly string[];
	readonly bytes: number;
	readonly createdAtMs: number;
};

/** So many images of a repository that a container uses are kept for a rollback, with the used one. */
const keptPerRepository = 3;

async function readImages({io, signal}: Look): Promise<readonly Image[]> {
	return listOf(await io.docker.get('/images/json', signal)).map(value => {
		const image = objectOf(value);
		return {
			id: textOf(image['Id']),
			tags: textsOf(image['RepoTags']).filter(tag => !tag.includes('<none>')),
			bytes: numberOf(image['Size']) ?? 0,
			createdAtMs: (numberOf(image['Created']) ?? 0) * 1000,
		};
	});
}

/** Ids of the images that any container uses, running or not, and the names that containers were made from. */
async function readUse({io, signal}: Look) {
	const containers = listOf(await io.docker.get('/containers/json?all=1', signal)).map(objectOf);
	return {
		ids: new Set(containers.map(one => textOf(one['ImageID']))),
		names: new Set(containers.map(one => textOf(one['Image']))),
	};
}

function repositoryOf(tag: string): string {
	return tag.replace(/:[^:/]*$/, '');
}

/** Unused images that are old enough, and those that are kept for a rollback of what runs. */
export function chooseImages(
	images: readonly Image[],
	used: ReadonlySet<string>,
	oldestMs: number,
): {readonly unused: readonly Image[]; readonly kept: readonly Image[]} {
	const repositories = new Set(
		images.filter(({id}) => used.has(id)).flatMap(({tags}) => tags.map(repositoryOf)),
	);
	const isKept = (image: Image) =>
		image.tags.some(tag => {
			const repository = repositoryOf(tag);
			if (!repositories.has(repository)) return false;
			const newest = images
				.filter(other => other.tags.some(one => repositoryOf(one) === repository))
				.toSorted((a, b) => b.createdAtMs - a.createdAtMs)
				.slice(0, keptPerRepository);
			return newest.includes(image);
		});
	const old = images.filter(({id, createdAtMs}) => !used.has(id) && createdAtMs < oldestMs);
	return {unused: old.filter(image => !isKept(image)), kept: old.filter(isKept)};
}

function nameOf({id, tags}: Image): string {
	const short = id.replace('sha256:', '').slice(0, 12);
	return clean(tags.length === 0 ? short : `${tags.join(', ')} (${short})`, 300);
}

/** One deletion: by name where it has names, so that another name of the same image is never taken with it. */
function deletionsOf(image: Image): readonly EngineCommand[] {
	const names = image.tags.length === 0 ? [image.id] : image.tags;
	return names.map(name => ({
		kind: 'engine',
		method: 'DELETE',
		path: `/images/${encodeURIComponent(name)}?force=0&noprune=1`,
		say: `docker rmi --no-prune ${name}`,
	}));
}

function planClean(images: readonly Image[], kept: readonly Image[], nowMs: number): PlanDraft {
	const bytes = images.reduce((sum, image) => sum + image.bytes, 0);
	const warnings: Phrase[] = [];
	if (kept.length > 0) {
		const sample = kept.slice(0, 5).map(nameOf).join('; ');
		warnings.push({code: 'warn-images-kept', params: {count: kept.length, sample}});
	}

	return {
		title: {code: 'op-clean-images', params: {count: images.length, bytes: formatBytes(bytes)}},
		...oneByOneDraft('images', images.flatMap(deletionsOf)),
		deletes: images.map(image => {
			const days = Math.floor((nowMs - image.createdAtMs) / dayMs);
			const name = nameOf(image);
			const why: Phrase =
				image.tags.length === 0
					? {code: 'why-image-dangling'}
					: {code: 'why-image-unused', params: {name, days}};
			return {name, bytes: image.bytes, why};
		}),
		warnings,
		undo: {code: 'undo-clean-images'},
	};
}

async function deleteOne(tools: Tools<CleanImagesRequest>, command: EngineCommand): Promise<void> {
	const {look} = tools;
	const name = decodeURIComponent(command.path.replace(/^\/images\//, '').replace(/\?.*$/, ''));
	const [images, use] = await Promise.all([readImages(look), readUse(look)]);
	const image = images.find(({id, tags}) => id === name || tags.includes(name));
	if (image === undefined) return;
	const shown = nameOf(image);
	if (use.ids.has(image.id) || use.names.has(name)) {
		const params = {name: shown, by: 'container'};
		throw new ProblemError({code: 'disk-in-use', params, retry: 'rarely'});
	}

	const {status, json} = await tools.engine(command);
	if (status !== 200 && status !== 404) {
		const cause = clean(textOf(objectOf(json)['message']), 200) || `status ${status}`;
		const params = {name: shown, cause};
		throw new ProblemError({code: 'disk-not-removed', params, retry: 'rarely'});
	}

	tools.note({code: 'note-deleted', params: {name: shown, bytes: formatBytes(image.bytes)}});
}

/** Deletes images that nothing uses, one by one, each looked at again just before; never volumes. SAFETY 3.10. */
export const cleanImages: Operation<CleanImagesRequest> = {
	id: 'clean-images',
	title: {code: 'title-clean-images'},
	parse: parseDays,
	async plan(look, {days = 7}) {
		const [images, use] = await Promise.all([readImages(look), readUse(look)]);
		const nowMs = look.io.clock.now();
		const {unused, kept} = chooseImages(images, use.ids, nowMs - days * dayMs);
		if (unused.length === 0) throw nothingToClean('images');
		return planClean(unused, kept, nowMs);
	},
	steps: oneByOne(deleteOne),
};
