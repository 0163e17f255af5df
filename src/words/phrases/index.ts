import {backupPhrases} from './backups.ts';
import {postgresPhrases} from './postgres.ts';
import {roadPhrases} from './road.ts';

/** Every sentence of plans, cards and jobs, by code. One file an area; a new area is one line here. */
export const phrases = {
	...backupPhrases,
	...postgresPhrases,
	...roadPhrases,
};

export type PhraseCode = keyof typeof phrases;
