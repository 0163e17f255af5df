import {dirname} from 'node:path';
import type {Problem} from '../src/domain/problem.ts';
import {secret, type Secret} from '../src/domain/secret.ts';
import {expect, type ConfigError, type Place} from './error.ts';
import type {FileAccess, ReadFile} from './files.ts';
import {maxReferencedBytes} from './references.ts';

/** Where the passwords of configured servers come from, and what was found on the way. */
export type SecretSource = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly files: FileAccess;
	readonly errors: ConfigError[];
	readonly problems: Problem[];
};

type Credentials = {
	readonly id: string;
	readonly password?: string;
	readonly password_file?: string;
};

/**
 * The password of a server, from the highest of: the file named by `OPSCONSOLE_<AREA>_<ID>_PASSWORD_FILE`, the
 * variable `OPSCONSOLE_<AREA>_<ID>_PASSWORD`, `password_file`, `password`. Undefined where none is configured.
 */
export async function resolvePassword(
	source: SecretSource,
	area: 'postgres' | 'redis',
	credentials: Credentials,
	at: Place,
): Promise<Secret | undefined> {
	const variable = `OPSCONSOLE_${area}_${credentials.id}_PASSWORD`
		.toUpperCase()
		.replace(/[^A-Z\d]/g, '_');
	const fileVariable = source.environment[`${variable}_FILE`];
	if (fileVariable !== undefined && fileVariable !== '') {
		return readSecret(source, fileVariable, {file: `${variable}_FILE`, line: 0, column: 0});
	}

	const direct = source.environment[variable];
	if (direct !== undefined && direct !== '') return secret(direct);
	if (credentials.password_file !== undefined)
		return readSecret(source, credentials.password_file, at);
	return credentials.password === undefined ? undefined : secret(credentials.password);
}

async function readSecret(
	source: SecretSource,
	name: string,
	at: Place,
): Promise<Secret | undefined> {
	const {files} = source;
	const folder = at.line > 0 ? dirname(at.file) : files.currentFolder();
	const path = files.resolve(folder, name);
	const fail = (expected: ConfigError['expected']) => {
		const key = at.line > 0 ? 'password_file' : '';
		source.errors.push({kind: 'missing-reference', ...at, key, expected});
	};

	let file: ReadFile;
	try {
		file = await files.read(path, maxReferencedBytes);
	} catch (error) {
		fail(expect('readable-file', {name: path, cause: files.causeOf(error)}));
		return undefined;
	}

	const problem = secretFileProblem(path, file);
	if (problem) source.problems.push(problem);
	const text = file.text.replace(/\r?\n$/, '');
	if (text !== '') return secret(text);
	fail(expect('filled-file', {name: path}));
	return undefined;
}

/** Names a secret file that group or others can touch; undefined where it is as it should be. */
export function secretFileProblem(path: string, file: Pick<ReadFile, 'mode'>): Problem | undefined {
	if ((file.mode & 0o077) === 0) return undefined;
	const mode = (file.mode & 0o777).toString(8).padStart(4, '0');
	return {code: 'config-secret-readable', params: {file: path, mode}, retry: 'rarely'};
}
