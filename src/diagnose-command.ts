import {exitStatuses} from './domain/exit-status.ts';
import {diagnose} from './engine/diagnose.ts';
import {withEyes} from './headless-eyes.ts';
import {print, printJson} from './print.ts';
import {foldersOf} from './program.ts';
import {diagnosisDocument, diagnosisText} from './report/diagnosis.ts';
import type {RunbookFacts} from './runbook-commands.ts';
import {warnOf} from './runbook-list.ts';
import {runbooksHere} from './runbooks-here.ts';

/** Exit statuses as `status` has them: 2 something is likely wrong, 3 something could not be excluded. */
const likelyStatus = 2;
const unknownStatus = 3;

/** `opsconsole diagnose`: what is wrong? Only looks; ends within seconds. */
export async function runDiagnose(facts: RunbookFacts): Promise<number> {
	const {io, settings, flags} = facts;
	const {runbooks, errors} = await runbooksHere();
	warnOf(errors, facts);
	const diagnosis = await withEyes({io, settings, folders: foldersOf(io, settings)}, async eyes =>
		diagnose(Object.values(runbooks), eyes, io.clock, new AbortController().signal),
	);
	if (flags['json'] === true) await printJson(diagnosisDocument(diagnosis, settings.language));
	else await print(diagnosisText(diagnosis, settings.language));
	const has = (wanted: string) => diagnosis.findings.some(({likelihood}) => likelihood === wanted);
	if (has('likely')) return likelyStatus;
	return has('possible') ? unknownStatus : exitStatuses.done;
}
