import {describe, expect, it} from 'vitest';
import {blockedCount, blockingTree, type Waiting} from '../../../src/domain/blocking.ts';
import type {BlockingNode, Session} from '../../../src/domain/postgres.ts';

function session(pid: number): Session {
	return {
		pid,
		user: 'u',
		database: 'd',
		application: 'a',
		client: 'local',
		state: 'active',
		query: `query of ${pid}`,
	};
}

function waits(pid: number, ...blockers: number[]): Waiting {
	return {session: session(pid), blockers};
}

/** `1(2 3(4))`, with `/5` for others that block it too. */
function drawing(nodes: readonly BlockingNode[]): string {
	return nodes
		.map(node => {
			const others = node.alsoBlockedBy.map(pid => `/${pid}`).join('');
			const below = node.blocks.length > 0 ? `(${drawing(node.blocks)})` : '';
			return `${node.session.pid}${others}${below}`;
		})
		.join(' ');
}

function treeOf(...waiting: Waiting[]): string {
	return drawing(blockingTree(waiting, []));
}

describe('blockingTree', () => {
	it('is empty when nobody waits', () => {
		expect(treeOf()).toBe('');
	});

	it('puts three under the one that blocks them', () => {
		expect(treeOf(waits(2, 1), waits(3, 1), waits(4, 1))).toBe('1(2 3 4)');
	});

	it('keeps a chain', () => {
		expect(treeOf(waits(3, 2), waits(2, 1), waits(4, 3))).toBe('1(2(3(4)))');
	});

	it('shows one with several blockers once and names the others', () => {
		expect(treeOf(waits(3, 2, 1))).toBe('1(3/2) 2');
	});

	it('counts a blocker once although a parallel query names it twice', () => {
		expect(treeOf(waits(2, 1, 1, 1))).toBe('1(2)');
	});

	it('shows a prepared transaction as pid 0', () => {
		const [root] = blockingTree([waits(2, 0)], []);
		expect(root?.session.state).toBe('prepared transaction');
		expect(root?.blocks.map(node => node.session.pid)).toEqual([2]);
	});

	it('opens the ring of a deadlock at one place', () => {
		expect(treeOf(waits(1, 2), waits(2, 1))).toBe('2/1(1)');
		expect(treeOf(waits(1, 2), waits(2, 3), waits(3, 1), waits(4, 1))).toBe('3/1(2(1(4)))');
	});

	it('ignores a session that names itself', () => {
		expect(treeOf(waits(1, 1))).toBe('');
	});

	it('puts the root with the most sessions below first', () => {
		expect(treeOf(waits(5, 1), waits(6, 2), waits(7, 6))).toBe('2(6(7)) 1(5)');
	});

	it('uses what is known of the holders', () => {
		const [root] = blockingTree([waits(2, 1)], [session(1)]);
		expect(root?.session.query).toBe('query of 1');
		expect(root && blockedCount(root)).toBe(1);
	});

	it('keeps every waiting session exactly once, in any graph of four', () => {
		const pids = [1, 2, 3, 4];
		for (let graph = 0; graph < 2 ** 16; graph += 1) {
			const waiting = pids
				.map(pid => waits(pid, ...pids.filter(other => (graph >> ((pid - 1) * 4 + other - 1)) & 1)))
				.filter(one => one.blockers.some(other => other !== one.session.pid));
			const seen: number[] = [];
			const visit = (node: BlockingNode): void => {
				seen.push(node.session.pid);
				node.blocks.forEach(visit);
			};
			blockingTree(waiting, []).forEach(visit);
			const concerned = new Set(
				waiting.flatMap(one => [
					one.session.pid,
					...one.blockers.filter(other => other !== one.session.pid),
				]),
			);
			if (seen.length !== concerned.size || new Set(seen).size !== concerned.size) {
				expect.fail(`graph ${graph}: ${seen.join()} instead of ${[...concerned].join()}`);
			}
		}
	});
});
