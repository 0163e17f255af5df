import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, open, rename, rm} from 'node:fs/promises';
import type {Act} from '../../src/io/act.ts';

function unused(): never {
	throw new Error('this test gives no such part of Act');
}

/** An Act with only files and programs, for tests of the road itself; `parts` replace or add some. */
export function smallAct(parts: Partial<Act> = {}): Act {
	const move = async (path: string, to: string) => {
		if (existsSync(to)) throw new Error(`${to} exists`);
		await rename(path, to);
	};
	return {
		docker: {
			request: unused,
			exec: unused,
			sidecar: unused,
			removeSidecars: () => Promise.resolve(0),
			readFile: unused,
		},
		postgres: unused,
		redis: unused,
		post: unused,
		files: {
			async makeFolder(path) {
				await mkdir(path, {recursive: true, mode: 0o700});
			},
			async create(path) {
				const file = await open(path, 'wx', 0o600);
				const hash = createHash('sha256');
				let bytes = 0;
				return {
					async write(chunk) {
						await file.write(chunk);
						hash.update(chunk);
						bytes += chunk.length;
					},
					async finish() {
						await file.close();
						return {bytes, sha256: hash.digest('hex')};
					},
					async discard() {
						await file.close();
						await rm(path, {force: true});
					},
				};
			},
			publish: move,
			move,
			replace: rename,
			remove: path => rm(path, {recursive: true, force: true}),
		},
		program: ({argv: [program, ...args], folder, environment}, {signal}) =>
			new Promise((resolve, reject) => {
				execFile(
					program,
					args,
					{cwd: folder, env: {PATH: process.env['PATH'], ...environment}, signal},
					(error, stdout, stderr) => {
						if (error && typeof error.code !== 'number') reject(new Error(error.message));
						else
							resolve({exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr});
					},
				);
			}),
		...parts,
	};
}
