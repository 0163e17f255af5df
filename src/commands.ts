import {resolve} from 'node:path';
import process from 'node:process';
import {renderInitFile, writeInitFile} from '../config/init.ts';
import {clean} from './domain/clean.ts';
import {valueOf} from './domain/reading.ts';
import type {Settings} from './domain/settings.ts';
import {formatDoctor, runDoctor} from './engine/doctor.ts';
import {readOnce} from './headless.ts';
import type {Io} from './io/io.ts';
import {keepFigures} from './keep-figures.ts';
import {print, printJson} from './print.ts';
import {plainReport} from './report/plain.ts';
import {levelNow} from './report/judged.ts';
import {exitStatusOf, statusDocument} from './report/status.ts';
import {single} from './store/select.ts';

type Facts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly values: {
		readonly json?: boolean | undefined;
		readonly output?: string | undefined;
		readonly force?: boolean | undefined;
	};
};

/** Carries out a command that needs no screen; resolves with the exit status. */
export async function runCommand(
	command: 'status' | 'init' | 'doctor',
	facts: Facts,
): Promise<number> {
	switch (command) {
		case 'status':
			return status(facts);
		case 'init':
			return init(facts);
		case 'doctor':
			return doctor(facts);
	}
}

async function status({io, settings, values}: Facts): Promise<number> {
	const state = await readOnce(io, settings);
	if (values.json) await printJson(statusDocument(state));
	else await print(plainReport(state));
	// After it was told, so that nobody waits for it.
	await keepFigures(io, state);
	return exitStatusOf(levelNow(state));
}

async function doctor({io, settings, values}: Facts): Promise<number> {
	const {data} = await readOnce(io, settings);
	const checks = await runDoctor(io, settings, data.targets, AbortSignal.timeout(15_000));
	if (values.json) await printJson({version: '1.0', checks});
	else await print(formatDoctor(checks, settings.language));
	return checks.some(check => check.outcome === 'missing') ? 1 : 0;
}

async function init({io, settings, values}: Facts): Promise<number> {
	const state = await readOnce(io, settings);
	const {data} = state;
	const containers = valueOf(single(data, 'docker.containers'))?.containers ?? [];
	const path = resolve(values.output ?? 'opsconsole.yaml');
	const text = renderInitFile(data.targets, containers, {
		hostname: state.hostname,
		day: new Date(io.clock.now()).toISOString().slice(0, 10),
	});
	try {
		await writeInitFile(path, text, values.force ?? false);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : '';
		const cause =
			code === 'EEXIST'
				? `${path} exists; --force replaces it, --output writes another file`
				: clean(error instanceof Error ? error.message : String(error), 300);
		process.stderr.write(`opsconsole: ${cause}\n`);
		return 73;
	}

	await print(`${path} written; it holds no secret. Check it with: opsconsole doctor\n`);
	return 0;
}
