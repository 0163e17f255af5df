import {withLock} from '../lab/cache.ts';
import {ensureEngine} from '../lab/engine.ts';
import {isDead} from '../lab/run-id.ts';
import {removeRun, runsOnEngine} from '../lab/stack.ts';

let prepared: Promise<void> | undefined;

async function sweep(): Promise<void> {
	await withLock('lab-sweep', async () => {
		for (const run of await runsOnEngine()) {
			// Another user's tests may sweep the same objects at this moment; what is gone is gone.
			if (isDead(run)) await removeRun(run).catch(() => undefined);
		}
	});
}

/** An engine that answers, and none of the objects that dead test runs left behind. Once per process. */
export function prepareEngine(): Promise<void> {
	prepared ??= ensureEngine().then(sweep);
	return prepared;
}
