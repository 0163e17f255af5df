import {ensureImages} from '../lab/images.ts';
import {prepareEngine} from './prepare-engine.ts';

/**
 * Before the first integration or terminal test: an engine and the lab's images, so that no test file has to
 * wait for them against its own deadline (the first time takes one to two minutes). Without an engine the
 * tests that need one skip with the reason; under CI this fails instead.
 */
export async function setup(): Promise<void> {
	try {
		await prepareEngine();
		await ensureImages(line => console.error(`test lab: ${line}`));
	} catch (error) {
		const {CI: ci} = process.env;
		if (ci === 'true' || ci === '1') throw error;
		console.error(`test lab: ${error instanceof Error ? error.message : String(error)}`);
	}
}
