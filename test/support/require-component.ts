/** A part that a test needs: its name, and why it is missing (undefined where it is there). */
export type Component = {name: string; missing: string | undefined};

/**
 * Looks for a part that tests need. `check` throws (or returns a reason) where the part is missing. On a
 * person's machine the tests then skip with the reason; with CI=true this fails instead, so that nothing is
 * skipped unseen. Use at the top of a test file:
 * `const docker = await requireComponent('docker', prepareEngine)` and
 * `describe.skipIf(docker.missing !== undefined)(titleWith(docker, 'containers'), …)`.
 */
export async function requireComponent(name: string, check: () => unknown): Promise<Component> {
	let missing: string | undefined;
	try {
		const answer = await check();
		if (typeof answer === 'string') missing = answer;
		if (answer === false) missing = `${name} is not here`;
	} catch (error) {
		missing = error instanceof Error ? error.message : String(error);
	}
	if (missing === undefined) return {name, missing};
	const line = missing.split('\n')[0] ?? '';
	const {CI: ci} = process.env;
	if (ci === 'true' || ci === '1') throw new Error(`${name} is missing under CI: ${line}`);
	return {name, missing: line};
}

/** A title for a group of tests that says why they were skipped, where they are. */
export function titleWith(component: Component, title: string): string {
	return component.missing === undefined
		? title
		: `${title} (skipped, needs ${component.name}: ${component.missing})`;
}
