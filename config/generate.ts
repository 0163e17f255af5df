import {readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {toJsonSchema} from '@valibot/to-json-schema';
import {renderDocs} from './generate-docs.ts';
import {renderExample} from './generate-example.ts';
import {renderHandbooks} from './generate-handbooks.ts';
import {renderOperations} from './generate-operations.ts';
import {renderKeys} from './generate-keys.ts';
import {configSchema} from './schema.ts';
import {ruleSchemas} from './threshold-schema.ts';
import {statusSchema} from './status-schema.ts';

/** The JSON Schema of opsconsole.yaml for editors: a reference such as `${NAME}` is valid wherever a pattern is. */
export function renderJsonSchema(): string {
	const schema = toJsonSchema(configSchema, {
		typeMode: 'input',
		errorMode: 'ignore',
		definitions: ruleSchemas,
		overrideAction: ({valibotAction, jsonSchema}) =>
			valibotAction.type === 'regex' && typeof jsonSchema.pattern === 'string'
				? {...jsonSchema, pattern: `(?:${jsonSchema.pattern})|\\$\\{`}
				: undefined,
	});
	const head = {$schema: schema.$schema, title: 'opsconsole.yaml', ...schema};
	return `${JSON.stringify(head, undefined, '\t')}\n`;
}

/** The JSON Schema of `opsconsole status --json`; keys that a later version adds are allowed. */
export function renderStatusSchema(): string {
	const schema = toJsonSchema(statusSchema, {typeMode: 'output', errorMode: 'ignore'});
	const head = {$schema: schema.$schema, title: 'opsconsole status --json', ...schema};
	return `${JSON.stringify(head, undefined, '\t')}\n`;
}

/** Every generated file by its path from the root of the project. */
export function renderAll(): Readonly<Record<string, string>> {
	return {
		'config/opsconsole.schema.json': renderJsonSchema(),
		'config/opsconsole.example.yaml': renderExample(),
		'docs/settings.md': renderDocs(),
		'docs/keys.md': renderKeys(),
		'docs/handbooks.md': renderHandbooks(),
		'docs/operations.md': renderOperations(),
		'docs/status.schema.json': renderStatusSchema(),
	};
}

/** Writes the generated files, or (`--check`) names those that are stale. Returns how many were stale. */
async function generate(isCheck: boolean): Promise<number> {
	const root = join(dirname(fileURLToPath(import.meta.url)), '..');
	let stale = 0;
	for (const [path, text] of Object.entries(renderAll())) {
		const current = await readFile(join(root, path), 'utf8').catch(() => '');
		if (current === text) continue;
		stale++;
		if (isCheck) process.stderr.write(`${path} is stale; run: node config/generate.ts\n`);
		else await writeFile(join(root, path), text);
	}

	return stale;
}

if (import.meta.main) {
	const isCheck = process.argv.includes('--check');
	const stale = await generate(isCheck);
	if (isCheck && stale > 0) process.exitCode = 1;
}
