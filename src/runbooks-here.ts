import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {loadRunbooks, runbookFolders, type Runbooks} from '../config/load-runbooks.ts';

const shippedFolder = fileURLToPath(new URL('../config/runbooks', import.meta.url));

/** The runbooks of this machine: those that come with the program, and the operator's own. */
export async function runbooksHere(): Promise<Runbooks> {
	return loadRunbooks([shippedFolder, ...runbookFolders(process.env)]);
}
