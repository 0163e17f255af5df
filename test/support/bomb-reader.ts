import process from 'node:process';
import {readFile} from 'node:fs/promises';
import {parseManifest} from '../../src/domain/manifest-json.ts';
import type {FileFacts} from '../../src/domain/manifest.ts';
import {ProblemError} from '../../src/domain/problem.ts';
import {createSha256} from '../../src/domain/sha256.ts';
import {createIo} from '../../src/io/create-io.ts';
import {readArchive} from '../../src/operations/files/archive.ts';
import {readCompressed} from '../../src/operations/logs/gzip.ts';

// A process of its own reads one hostile file as the product does, and prints why it refused it and how much memory it
// had at most: `node bomb-reader.ts archive PATH MEMBERS`.

/** What a manifest that agrees with the archive would say. */
function factsOf(count: number, bytes: number): readonly FileFacts[] {
	const names = Array.from({length: count}, (_, index) =>
		count === 1 ? 'f0' : `f${String(index).padStart(6, '0')}`,
	);
	const sha256 = createSha256().hex();
	return names.map(name => ({
		path: name,
		origin: `/${name}`,
		sha256,
		type: 'file',
		bytes,
		mode: 0o644,
		userId: 0,
		groupId: 0,
		modifiedAtMs: 0,
	}));
}

const [kind, path = '', count = '1', bytes = '0'] = process.argv.slice(2);
const look = {io: createIo(), signal: new AbortController().signal};
let fault = 'none';
try {
	if (kind === 'archive') {
		const files = factsOf(Number(count), Number(bytes));
		await readArchive(look, {path, files}, {open: () => undefined});
	} else if (kind === 'gzip') {
		await readCompressed(look, path, Number(bytes));
	} else {
		parseManifest(await readFile(path, 'utf8'));
	}
} catch (error) {
	const isKnown = error instanceof ProblemError;
	fault = isKnown ? String(error.problem.params['fault']) : String(error);
}

process.stdout.write(JSON.stringify({fault, maxRssMiB: process.resourceUsage().maxRSS / 1024}));
