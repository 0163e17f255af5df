import {filesVerifier} from '../files/verifier.ts';
import {logsVerifier} from '../logs/verifier.ts';
import {redisVerifier} from '../redis/verifier.ts';
import {databaseVerifier} from './database-verifier.ts';
import type {Verifiers} from './verifier.ts';

/** How each kind of backup is verified; a new kind is one line here. Step ids must differ between kinds. */
export const verifiers: Verifiers = {
	database: databaseVerifier,
	redis: redisVerifier,
	files: filesVerifier,
	logs: logsVerifier,
};
