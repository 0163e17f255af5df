import type {Container} from './containers.ts';

/** Where a process runs, as far as its control group says. */
export type ProcessPlace = {
	/** Full id of its container. */
	readonly containerId?: string;
	/** Its systemd unit: `nginx.service`. */
	readonly unit?: string;
};

/**
 * Reads a path of a control group or the text of /proc/PID/cgroup. Container engines put the id of 64 digits into the path
 * (`/docker/ID`, `/system.slice/docker-ID.scope`), the innermost last; systemd names its units.
 */
export function placeOfGroup(text: string): ProcessPlace {
	const containerId = [...text.matchAll(/[0-9a-f]{64}/g)].at(-1)?.[0];
	const unit = [...text.matchAll(/\/([^/\n]+\.service)(?=\/|\n|$)/g)].at(-1)?.[1];
	return {
		...(containerId !== undefined && {containerId}),
		...(unit !== undefined && {unit}),
	};
}

/** The container of a place; undefined where it is none, or one that the engine does not have any more. */
export function containerOfPlace(
	{containerId}: ProcessPlace,
	containers: readonly Container[],
): Container | undefined {
	return containerId === undefined ? undefined : containers.find(({id}) => id === containerId);
}
