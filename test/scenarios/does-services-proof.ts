import type {Proof} from './do-play.ts';

/** Proves that the container of a service is another one than before, and runs. */
export function recreated(service: string): Proof {
	return async ground => {
		const before = await ground.ask(service, '{{.Id}}');
		return async () => {
			const [id, isRunning] = (await ground.ask(service, '{{.Id}} {{.State.Running}}')).split(' ');
			return id !== before && isRunning === 'true';
		};
	};
}

/** Proves that the same container of a service was started anew, and runs. */
export function restarted(service: string): Proof {
	return async ground => {
		const format = '{{.Id}} {{.State.StartedAt}} {{.State.Running}}';
		const [before, startedAt] = (await ground.ask(service, format)).split(' ');
		return async () => {
			const [id, now, isRunning] = (await ground.ask(service, format)).split(' ');
			return id === before && now !== startedAt && isRunning === 'true';
		};
	};
}

/** Proves that a service runs; it did not before. */
export function runs(service: string): Proof {
	return async ground =>
		Promise.resolve(async () => (await ground.ask(service, '{{.State.Running}}')) === 'true');
}
