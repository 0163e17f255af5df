import {clean} from '../../domain/clean.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import {quoteName, quoteQualified} from './quote.ts';
import type {SideTable} from './table-request.ts';

/** How to compare restored tables with the live ones and bring rows back: statements to read, change and type. */
export function sideAdvice(schema: string, tables: readonly SideTable[]): readonly Phrase[] {
	const lines = tables.slice(0, 10).flatMap(({from, name}): readonly Phrase[] => {
		const live = quoteQualified(from.schema, from.name);
		const side = quoteQualified(schema, name);
		return [
			{
				code: 'restore-table-compare',
				params: {sql: clean(`SELECT * FROM ${side} EXCEPT SELECT * FROM ${live};`, 400)},
			},
			{
				code: 'restore-table-copy',
				params: {
					sql: clean(
						`INSERT INTO ${live} SELECT * FROM ${side} EXCEPT SELECT * FROM ${live} ON CONFLICT DO NOTHING;`,
						400,
					),
				},
			},
		];
	});
	const sql = `DROP SCHEMA ${quoteName(schema)} CASCADE;`;
	return [...lines, {code: 'restore-table-clean', params: {sql}}];
}
