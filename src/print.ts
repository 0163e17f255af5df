import process from 'node:process';

/** Writes to standard output and waits until it is taken; a reader that went away is no failure. */
export async function print(text: string): Promise<void> {
	await new Promise<void>(done => {
		process.stdout.once('error', () => done());
		process.stdout.write(text, () => done());
	});
}

/** Prints one value as JSON. */
export async function printJson(value: unknown): Promise<void> {
	await print(`${JSON.stringify(value, undefined, '\t')}\n`);
}
