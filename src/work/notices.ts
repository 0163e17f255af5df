import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {JobNote} from '../domain/job.ts';
import {isObject} from '../domain/unknown.ts';
import type {Phrase} from '../words/phrases/phrase.ts';
import {runFiles} from './run-folder.ts';

/** What was told about the end of a run; nothing where nobody was. */
export async function readNotices(folder: string): Promise<readonly JobNote[]> {
	const text = await readFile(join(folder, runFiles.notices), 'utf8').catch(() => '');
	return text.split('\n').flatMap(raw => {
		try {
			const value: unknown = JSON.parse(raw);
			// Our own process has written it; a line that was torn off is no JSON.
			return isObject(value) && isObject(value['phrase'])
				? [
						{
							atMs: Number(value['atMs']),
							kind: value['kind'] === 'warn' ? 'warn' : 'note',
							phrase: value['phrase'] as Phrase,
						} satisfies JobNote,
					]
				: [];
		} catch {
			return [];
		}
	});
}
