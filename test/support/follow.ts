import type {Container, ContainersValue} from '../../src/domain/containers.ts';
import type {Io} from '../../src/io/io.ts';
import {containersSource} from '../../src/sources/containers.ts';
import {waitFor} from './wait.ts';

/** The container source running in the background, with everything that it emitted. */
export type Following = {
	readonly values: readonly ContainersValue[];
	readonly ended: Promise<unknown>;
	/** A container by its name in the last value. */
	find(name: string): Container | undefined;
	/** Waits until the container fits. */
	until(
		name: string,
		fits: (container: Container | undefined) => boolean,
		what: string,
	): Promise<Container | undefined>;
	stop(): void;
};

/** Starts the source; what ends it is the value of `ended`. */
export function followContainers(io: Io, projects?: readonly string[]): Following {
	const values: ContainersValue[] = [];
	const abort = new AbortController();
	const ended = containersSource
		.follow(io, {projects}, value => void values.push(value), abort.signal)
		.catch((error: unknown) => error);
	const find = (name: string) =>
		values.at(-1)?.containers.find(container => container.name === name);
	return {
		values,
		ended,
		find,
		until: async (name, fits, what) => {
			await waitFor(() => (values.length > 0 && fits(find(name)) ? true : undefined), {
				deadlineMs: 30_000,
				what,
			});
			return find(name);
		},
		stop: () => abort.abort(new Error('the test ended')),
	};
}
