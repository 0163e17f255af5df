/** Ids that wait for a piece of work; one that waits already is not added again. */
export type WorkQueue = {
	add(id: string): void;
	remove(id: string): void;
	readonly size: number;
	/** Does the work, `parallel` at a time, until the signal ends it or the work rejects. */
	run(parallel: number, work: (id: string) => Promise<void>, signal: AbortSignal): Promise<never>;
};

/** Makes an empty queue. */
export function createWorkQueue(): WorkQueue {
	const waiting = new Set<string>();
	let sleepers: (() => void)[] = [];

	const wake = () => {
		const woken = sleepers;
		sleepers = [];
		for (const goOn of woken) {
			goOn();
		}
	};

	const take = (): string | undefined => {
		const [id] = waiting;
		if (id !== undefined) {
			waiting.delete(id);
		}

		return id;
	};

	const worker = async (
		work: (id: string) => Promise<void>,
		signal: AbortSignal,
	): Promise<never> => {
		for (;;) {
			signal.throwIfAborted();
			const id = take();
			await (id === undefined ? new Promise<void>(goOn => sleepers.push(goOn)) : work(id));
		}
	};

	return {
		add(id) {
			waiting.add(id);
			wake();
		},
		remove: id => void waiting.delete(id),
		get size() {
			return waiting.size;
		},
		run(parallel, work, signal) {
			signal.addEventListener('abort', wake, {once: true});
			return Promise.race(Array.from({length: parallel}, () => worker(work, signal)));
		},
	};
}
