import {listOf, numberOf, objectOf, textOf} from './unknown.ts';

/** What the engine keeps that nothing uses now, in bytes; undefined where it does not tell. */
export type EngineWaste = {
	readonly images: number | undefined;
	readonly buildCache: number | undefined;
	readonly stopped: number | undefined;
	readonly volumes: number | undefined;
};

function listIn(answer: unknown, name: string) {
	const value = objectOf(answer)[name];
	// The engine writes null for an empty list.
	if (value === null) return [];
	return Array.isArray(value) ? listOf(value).map(objectOf) : undefined;
}

function total(figures: readonly (number | undefined)[] | undefined): number | undefined {
	return figures?.reduce<number>((sum, figure) => sum + Math.max(0, figure ?? 0), 0);
}

/**
 * Reads `GET /system/df`. Of an image that no container uses only what no other image shares counts; a volume counts where
 * no container refers to it, also no stopped one.
 */
export function engineWaste(answer: unknown): EngineWaste {
	return {
		images: total(
			listIn(answer, 'Images')
				?.filter(image => image['Containers'] === 0)
				.map(
					image => (numberOf(image['Size']) ?? 0) - Math.max(0, numberOf(image['SharedSize']) ?? 0),
				),
		),
		buildCache: total(
			listIn(answer, 'BuildCache')
				?.filter(record => record['InUse'] !== true && record['Shared'] !== true)
				.map(record => numberOf(record['Size'])),
		),
		stopped: total(
			listIn(answer, 'Containers')
				?.filter(container => textOf(container['State']) !== 'running')
				.map(container => numberOf(container['SizeRw'])),
		),
		volumes: total(
			listIn(answer, 'Volumes')
				?.map(volume => objectOf(volume['UsageData']))
				.filter(usage => usage['RefCount'] === 0)
				.map(usage => numberOf(usage['Size'])),
		),
	};
}
