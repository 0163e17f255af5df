import {clean} from '../../domain/clean.ts';
import {fileNameOf, partFolder, type BackupPlace} from '../../domain/catalogue.ts';
import type {Command, PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import {catalogueLock, commonFacts} from '../catalogue/facts.ts';
import {openCatalogue} from '../catalogue/folder.ts';
import {placeOf} from '../catalogue/place.ts';
import {
	isPublished,
	prepareCode,
	prepareStep,
	publishCode,
	publishStep,
} from '../catalogue/publish.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {freeAt} from './free-space.ts';
import {importedFacts, splitOutput} from './import-facts.ts';
import {importScript} from './import-script.ts';
import {lastWords} from './load-dump.ts';
import {foreignPieces, readForeign, type ForeignKind} from './read-foreign.ts';
import {maybeText, requestOf, wantedText, wholeNumber} from './restore-request.ts';
import {findServer} from './server.ts';

/** A dump file from elsewhere. */
export type ImportRequest = {
	/** Absolute path. */
	readonly file: string;
	/** Server whose image is used; needed where more than one is known. */
	readonly target?: string;
	/** Name of the database in the catalogue; that of the server unless told. */
	readonly database?: string;
	/** Most that it may unpack to. */
	readonly maxGiB: number;
};

type ImportTools = Tools<ImportRequest>;
type SidecarCommand = Command & {kind: 'sidecar'};

const gibibyte = 1024 ** 3;
const defaultMaxGiB = 100;

function sandbox(image: string, kind: ForeignKind): SidecarCommand {
	return {
		kind: 'sidecar',
		sidecar: {
			name: 'import',
			image,
			argv: ['sh', '-c', importScript, 'import', kind],
			network: 'none',
			memoryBytes: gibibyte,
			user: 'postgres',
			isWritable: true,
		},
	};
}

async function fileFacts({io}: Look, file: string) {
	try {
		const entry = await io.files.lstat(file);
		if (entry.kind !== 'file' || !file.startsWith('/')) {
			throw new Error('it is no regular file');
		}
		return entry;
	} catch (error) {
		const cause = clean(error instanceof Error ? error.message : String(error), 200);
		const params = {file: clean(file, 300), cause};
		throw new ProblemError({code: 'import-no-file', params, retry: 'rarely'});
	}
}

async function plan(look: Look, request: ImportRequest, id: string): Promise<PlanDraft> {
	const {file, maxGiB} = request;
	const entry = await fileFacts(look, file);
	const target = findServer(look, request.target);
	const container = look.containers.find(one => one.id === target.container?.containerId);
	if (container === undefined) {
		throw new ProblemError({code: 'import-no-image', params: {}, retry: 'rarely'});
	}
	await openCatalogue(look);
	// Read once before anybody is asked: what cannot be imported is said at once.
	const {kind, bytes} = await readForeign(look, {file, maxGiB});
	const database = request.database ?? target.database;
	const place: BackupPlace = {
		folder: look.folders.backups,
		series: `pg-${fileNameOf(database)}`,
		id,
	};
	const space = await freeAt(look, look.folders.backups);
	return {
		title: {code: 'import-title', params: {file: clean(file, 300)}},
		identity: {
			containers: [
				{
					key: container.key,
					name: container.name,
					id: container.id,
					imageId: container.imageId,
				},
			],
		},
		risk: 'safe',
		steps: [
			prepareStep(place),
			{
				id: 'sandbox',
				title: {code: 'import-step-scratch', params: {image: clean(container.image, 120)}},
				commands: [
					sandbox(container.imageId, kind),
					{kind: 'file', action: 'write', path: `${partFolder(place)}/dump.pgc`},
				],
				deadlineMs: 6 * 3_600_000,
			},
			publishStep(place, 2),
		],
		locks: [catalogueLock(place.folder, 'shared')],
		space:
			space === undefined
				? []
				: [{folder: space.path, neededBytes: bytes, freeBytes: space.freeBytes}],
		outages: [],
		deletes: [],
		warnings: [
			{
				code: 'import-facts',
				params: {
					bytes: entry.bytes,
					unpacked: bytes,
					kind,
					at: new Date(entry.modifiedAtMs).toISOString(),
				},
			},
		],
		undo: {code: 'import-undo'},
	};
}

/** The pieces of the file, checked once more: what goes into the container is what was checked. */
async function* checked(tools: ImportTools, kind: ForeignKind): AsyncGenerator<Uint8Array> {
	let offset = 0;
	for await (const piece of foreignPieces(tools.look, tools.request)) {
		if (piece.kind !== kind) {
			const params = {file: clean(tools.request.file, 300)};
			throw new ProblemError({code: 'import-unknown', params, retry: 'rarely'});
		}
		offset += piece.chunk.length;
		tools.progress({done: offset, unit: 'bytes'});
		yield piece.chunk;
	}
}

/** Brings a dump from elsewhere into the catalogue; it is only ever opened in a container without network. */
export const importDump: Operation<ImportRequest> = {
	id: 'import-dump',
	title: {code: 'import-name'},
	parse(value) {
		const request = requestOf(value);
		return {
			file: wantedText(request, 'file'),
			...maybeText(request, 'target'),
			...maybeText(request, 'database'),
			maxGiB: wholeNumber({maxGiB: request['maxGiB'] ?? defaultMaxGiB}, 'maxGiB', {
				least: 1,
				most: 100_000,
			}),
		};
	},
	plan,
	steps: {
		'prepare-backup': prepareCode<ImportRequest>(),
		sandbox: {
			async run(tools) {
				const command = tools.step.commands.find(one => one.kind === 'sidecar');
				const target = tools.step.commands.find(
					one => one.kind === 'file' && one.action === 'write',
				);
				if (command === undefined || target?.kind !== 'file') {
					throw new Error('the plan opens nothing');
				}
				const kind = command.sidecar.argv.at(-1) === 'custom' ? 'custom' : 'plain';
				const writer = await tools.write({...target, action: 'write'});
				const output = splitOutput(chunk => writer.write(chunk));
				try {
					const result = await tools.sidecar(command, {
						input: checked(tools, kind),
						onOutput: chunk => output.take(chunk),
					});
					if (result.exitCode !== 0) {
						throw new ProblemError({
							code: 'import-failed',
							params: {
								cause: result.wasOutOfMemory ? 'out of memory' : lastWords({...result, stdout: ''}),
							},
							retry: 'rarely',
						});
					}
					const {version, facts} = output.head();
					await tools.keep('facts', JSON.stringify({version, facts}));
				} catch (error) {
					await writer.discard();
					throw error;
				}
				await tools.keep('dump', await writer.finish());
			},
		},
		'publish-backup': publishCode<ImportRequest>(2, {
			async manifest(tools) {
				const {request, kept} = tools;
				const {series} = placeOf(tools.plan);
				const head = objectOf(JSON.parse(textOf(kept['facts'])));
				const dump = objectOf(kept['dump']);
				const database = request.database ?? databaseOf(series);
				const startedAtMs = tools.look.io.clock.now();
				return {
					...(await commonFacts(tools, startedAtMs)),
					kind: 'database',
					artefacts: [
						{
							name: 'dump.pgc',
							bytes: Number(dump['bytes']),
							sha256: textOf(dump['sha256']),
							format: 'pg-custom',
						},
					],
					database: importedFacts(database, {
						version: textOf(head['version']),
						facts: head['facts'],
					}),
					note: `import ${clean(request.file, 200)}`,
				};
			},
			detail: (_tools, manifest) => `${manifest.database?.tables.length ?? 0} tables`,
		}),
	},
	isCommitted: isPublished,
};

/** The database's name out of the name of its series. */
function databaseOf(series: string): string {
	return decodeURIComponent(series.slice('pg-'.length));
}
