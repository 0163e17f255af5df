import {readFileSync} from 'node:fs';

/** Version of the program, from its package. */
export const version = readVersion();

function readVersion(): string {
	const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
	const match = /"version":\s*"([^"]+)"/.exec(text);
	return match?.[1] ?? 'unknown';
}
