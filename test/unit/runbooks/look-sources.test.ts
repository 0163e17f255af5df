import {expect, test} from 'vitest';
import type {LookDeclaration} from '../../../src/runbooks/look.ts';
import {lookDeclarations} from '../../../src/runbooks/looks/index.ts';
import {saySource} from '../../../src/runbooks/say.ts';

const all: readonly (readonly [string, LookDeclaration])[] = Object.entries(lookDeclarations);

/** Names of commands, views and files, which are the same in every language. */
const name =
	/^(docker (ps|images|events|inspect|image inspect|network inspect|compose config)\b[ a-z-]*|apt-get -s dist-upgrade|journalctl -k|dmesg|statfs|opsconsole\.yaml|pg_\w+|\/[\w./-]+|[A-Z]+( [A-Za-z]+)?)$/;

test.each(all)('where %s comes from is said in both languages', (id, {from}) => {
	if (typeof from === 'string') {
		for (const part of from.split(/[,;] /)) expect(part).toMatch(name);
	} else {
		expect(saySource(id, 'zh')).toMatch(/\p{Script=Han}|、|（/u);
		expect(saySource(id, 'en')).not.toMatch(/\p{Script=Han}/u);
	}
});
