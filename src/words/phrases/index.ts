import {backupPhrases} from './backups.ts';
import {filesPhrases} from './files.ts';
import {redisPhrases} from './redis.ts';
import {postgresPhrases} from './postgres.ts';
import {roadPhrases} from './road.ts';
import {schedulePhrases} from './schedules.ts';
import {servicePhrases} from './services.ts';

/** Every sentence of plans, cards and jobs, by code. One file an area; a new area is one line here. */
export const phrases = {
	...backupPhrases,
	...filesPhrases,
	...redisPhrases,
	...postgresPhrases,
	...roadPhrases,
	...schedulePhrases,
	...servicePhrases,
};

export type PhraseCode = keyof typeof phrases;
