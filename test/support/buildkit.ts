import {execFile} from 'node:child_process';
import {request} from 'node:http';

/** Sends a body to the engine at this address (`unix:///…`); resolves with the text of its answer. */
function send(address: string, path: string, body: Uint8Array): Promise<string> {
	return new Promise((resolve, reject) => {
		const options = {
			socketPath: new URL(address).pathname,
			path,
			method: 'POST',
			headers: {'content-type': 'application/x-tar', 'content-length': body.length},
		};
		const call = request(options, answer => {
			let text = '';
			answer.setEncoding('utf8');
			answer.on('data', (chunk: string) => {
				text += chunk;
			});
			answer.on('end', () => {
				if (answer.statusCode === 200) resolve(text);
				else reject(new Error(`${path}: status ${answer.statusCode ?? 0} ${text}`));
			});
		});
		call.on('error', reject);
		call.end(body);
	});
}

function packed(folder: string): Promise<Uint8Array> {
	return new Promise((resolve, reject) => {
		execFile('tar', ['-c', '-C', folder, '.'], {encoding: 'buffer'}, (error, stdout) => {
			if (error) reject(new Error('tar failed', {cause: error}));
			else resolve(stdout);
		});
	});
}

/** Builds a folder with the BuildKit of the engine itself, which needs no plug-in of the docker program, as this tag. */
export async function buildHere(address: string, folder: string, tag: string): Promise<void> {
	const path = `/build?version=2&t=${encodeURIComponent(tag)}`;
	const said = await send(address, path, await packed(folder));
	if (/"errorDetail"/.test(said)) throw new Error(`the build failed: ${said.slice(-500)}`);
}

/** Prunes one record of the build cache. */
export async function pruneRecord(address: string, id: string): Promise<void> {
	const filters = encodeURIComponent(JSON.stringify({id: [id]}));
	await send(address, `/build/prune?filters=${filters}`, new Uint8Array());
}
