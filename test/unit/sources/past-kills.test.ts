import {expect, test} from 'vitest';
import {pastKills} from '../../../src/sources/past-kills.ts';
import {partialIo} from '../../support/io.ts';

function kill(id: string, seconds: number): string {
	const Actor = {ID: id, Attributes: {name: id}};
	return `${JSON.stringify({Type: 'container', Action: 'oom', timeNano: seconds * 1e9, Actor})}\n`;
}

function asked(stream: () => AsyncIterable<Uint8Array>, signal = new AbortController().signal) {
	const paths: string[] = [];
	const {docker} = partialIo();
	const io = partialIo({
		docker: {
			...docker,
			stream: path => {
				paths.push(path);
				return Promise.resolve(stream());
			},
		},
	});
	return {paths, kills: pastKills(io, signal)};
}

test('of each container the last kill that the engine remembers counts', async () => {
	const {paths, kills} = asked(async function* () {
		yield new TextEncoder().encode(kill('app', 100) + kill('web', 150) + kill('app', 200));
		await Promise.resolve();
	});
	expect([...(await kills)]).toEqual([
		['app', 200_000],
		['web', 150_000],
	]);
	expect(paths[0]).toMatch(/^\/events\?since=[\d.]+&until=[\d.]+&filters=/);
});

test('an engine that refuses keeps nobody from the list; who gave up is told so', async () => {
	const refuses = () => {
		throw new Error('forbidden');
	};
	expect([...(await asked(refuses).kills)]).toEqual([]);
	const ended = new AbortController();
	ended.abort(new Error('the console ends'));
	await expect(asked(refuses, ended.signal).kills).rejects.toThrow('the console ends');
});
