import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts and stops the engine in a process of its own, which has to end without being told to. */
const script = `
import {createIo} from './src/io/create-io.ts';
import {startEngine} from './src/engine/engine.ts';
import {settingsOf} from './test/support/settings.ts';
const arrived = Promise.withResolvers();
const engine = startEngine({
	io: createIo({host: process.argv[1]}),
	settings: settingsOf({docker: {isEnabled: process.argv[1] !== ''}, discovery: {isEnabled: false}}),
	send(event) {
		const hasHost = event.type === 'readings-arrived' && event.changes.some(({source}) => source === 'host.load');
		if (hasHost) arrived.resolve();
	},
});
await arrived.promise;
engine.looker.at({kind: 'host'});
await engine.stop();
console.log('stopped');
`;

test.each([
	['without Docker', ''],
	['while Docker is not there', 'unix:///nowhere/docker.sock'],
])('a process whose engine was stopped ends by itself %s', async (_name, host) => {
	const child = spawn(process.execPath, ['--input-type=module', '-e', script, host], {
		cwd: root,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';
	child.stdout.on('data', data => (output += String(data)));
	const status = await new Promise(resolve => child.once('exit', resolve));
	expect(output.trim()).toBe('stopped');
	expect(status).toBe(0);
});
