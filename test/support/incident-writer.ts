import process from 'node:process';
import {appendIncident} from '../../src/work/incidents.ts';

/** Appends notes to an incident until its count or its death, and says the number of each line that is on the disk. */
const [root = '', audit = '', id = '', name = '', count = '0'] = process.argv.slice(2);
for (let index = 0; index < Number(count); index++) {
	// Of different lengths, so that a line that is torn off does not look like another.
	const text = `${name} ${index} ${'x'.repeat((index * 37) % 900)}`;
	const {seq} = await appendIncident({root, audit}, id, {kind: 'note', text}, {nowMs: Date.now()});
	process.stdout.write(`${seq}\n`);
}
