import type {BlockingNode, Session} from './postgres.ts';

/** A session that waits, with the pids it waits for (`pg_blocking_pids`: may repeat, 0 is a prepared transaction). */
export type Waiting = {readonly session: Session; readonly blockers: readonly number[]};

/** The stand-in for what holds locks without a session. */
function absent(pid: number): Session {
	return {
		pid,
		user: '',
		database: '',
		application: '',
		client: '',
		state: pid === 0 ? 'prepared transaction' : 'gone',
		query: '',
	};
}

/** Where each blocked session hangs in the tree: its first blocker that does not lie below itself. */
function parentsOf(blockersOf: ReadonlyMap<number, readonly number[]>): Map<number, number> {
	const parents = new Map<number, number>();
	const isBelow = (pid: number, ancestor: number): boolean => {
		for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)) {
			if (at === ancestor) {
				return true;
			}
		}
		return false;
	};
	for (const [pid, blockers] of blockersOf) {
		const parent = blockers.find(blocker => !isBelow(blocker, pid));
		if (parent !== undefined) {
			parents.set(pid, parent);
		}
	}
	return parents;
}

/**
 * Builds the tree of who blocks whom. Every waiting session stands exactly once, under one of its blockers, with the
 * others in `alsoBlockedBy`; in the moment of a deadlock the ring is opened at one of its members, which then is a
 * root that is itself blocked. Roots with the most sessions below them come first, then by pid.
 */
export function blockingTree(
	waiting: readonly Waiting[],
	holders: readonly Session[],
): readonly BlockingNode[] {
	const sessions = new Map(
		[...holders, ...waiting.map(one => one.session)].map(one => [one.pid, one]),
	);
	const blockersOf = new Map(
		[...waiting]
			.sort((a, b) => a.session.pid - b.session.pid)
			.map(({session, blockers}) => {
				const others = [...new Set(blockers)].filter(pid => pid !== session.pid);
				return [session.pid, others.sort((a, b) => a - b)] as const;
			})
			.filter(([, blockers]) => blockers.length > 0),
	);
	const parents = parentsOf(blockersOf);
	const children = new Map<number, number[]>();
	for (const [pid, parent] of parents) {
		children.set(parent, [...(children.get(parent) ?? []), pid]);
	}
	const node = (pid: number): BlockingNode => ({
		session: sessions.get(pid) ?? absent(pid),
		blocks: (children.get(pid) ?? []).map(node).sort(bySize),
		alsoBlockedBy: (blockersOf.get(pid) ?? []).filter(blocker => blocker !== parents.get(pid)),
	});
	const all = new Set([...blockersOf.keys(), ...[...blockersOf.values()].flat()]);
	return [...all]
		.filter(pid => !parents.has(pid))
		.map(node)
		.sort(bySize);
}

/** How many sessions wait for this one, directly or not. */
export function blockedCount(node: BlockingNode): number {
	return node.blocks.reduce((sum, below) => sum + 1 + blockedCount(below), 0);
}

function bySize(a: BlockingNode, b: BlockingNode): number {
	return blockedCount(b) - blockedCount(a) || a.session.pid - b.session.pid;
}
