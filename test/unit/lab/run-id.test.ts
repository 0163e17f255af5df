import {describe, expect, it} from 'vitest';
import {isDead, personsRun, runId} from '../../lab/run-id.ts';

describe('the label of a test run', () => {
	it('names a living process', () => {
		expect(runId()).toMatch(/^\d+\.\d+\.\d+\.[\da-f]{8}$/);
		expect(isDead(runId())).toBe(false);
	});

	it('is dead where the process is another or none', () => {
		const [pid, start, namespace, boot] = runId().split('.');
		expect(isDead(`${pid}.${Number(start) + 1}.${namespace}.${boot}`)).toBe(true);
		expect(isDead(`99999999.5.${namespace}.${boot}`)).toBe(true);
		expect(isDead(`${pid}.${start}.${namespace}.00000000`)).toBe(true);
	});

	it("leaves alone what it cannot judge: another namespace's runs, a person's lab, foreign values", () => {
		const [, , , boot] = runId().split('.');
		expect(isDead(`99999999.5.1.${boot}`)).toBe(false);
		expect(isDead(personsRun)).toBe(false);
		expect(isDead('')).toBe(false);
		expect(isDead('something else')).toBe(false);
	});
});
