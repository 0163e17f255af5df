import * as v from 'valibot';
import {metrics, type MetricId} from '../src/domain/metrics.ts';

// The document of `opsconsole status --json`, from which docs/status.schema.json is generated.

const may = v.optional;
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const figure = v.pipe(v.number(), v.minValue(0));
const text = v.string();
const texts = v.array(text);
const time = v.pipe(v.string(), v.isoTimestamp());
const timeOrNull = v.nullable(time);
const flag = v.boolean();

const say = <Schema extends v.GenericSchema>(schema: Schema, words: string) =>
	v.pipe(schema, v.description(words));

const level = say(
	v.picklist(['ok', 'unknown', 'warn', 'crit']),
	'Level of this moment, without hold times; unknown means not measured.',
);

const cause = {
	code: say(text, 'Stable name of the problem.'),
	summary: say(text, 'Cause in one line, in the language of --lang.'),
	hint: say(text, 'What to do next.'),
};

const about = {
	reading: say(
		v.picklist(['waiting', 'fresh', 'stale', 'failed']),
		'How far to trust the figures; waiting and failed have none.',
	),
	readAt: say(timeOrNull, 'When the figures were read.'),
	problem: may(
		say(v.object({...cause, since: timeOrNull}), 'Why it is stale or failed, and since when.'),
	),
};

/** Figures that are there only where the source has answered. */
const figures = <Entries extends v.ObjectEntries>(entries: Entries) =>
	v.partial(v.object(entries)).entries;

const host = v.object({
	name: text,
	level,
	...about,
	...figures({
		hostname: text,
		kernel: text,
		uptimeSeconds: figure,
		cpu: v.object({
			cores: count,
			busyPercent: may(figure),
			ioWaitPercent: may(figure),
			stealPercent: may(figure),
			perCorePercent: v.array(figure),
		}),
		load: say(v.array(figure), 'Load average over 1, 5 and 15 minutes.'),
		memory: v.object({
			totalBytes: figure,
			availableBytes: figure,
			usedBytes: figure,
			usedPercent: figure,
			cachedBytes: figure,
		}),
		swap: v.object({totalBytes: figure, usedBytes: figure, usedPercent: figure}),
		disks: v.array(
			v.object({
				mount: text,
				device: text,
				type: text,
				totalBytes: figure,
				usedBytes: figure,
				availableBytes: figure,
				usedPercent: figure,
				inodesUsedPercent: may(figure),
				busyPercent: may(figure),
				readBytesPerSecond: may(figure),
				writtenBytesPerSecond: may(figure),
			}),
		),
		unreadDisks: v.array(
			v.object({mount: text, reason: v.picklist(['no-answer', 'no-right', 'failed'])}),
		),
		network: v.array(
			v.object({
				name: text,
				receivedBytesPerSecond: may(figure),
				sentBytesPerSecond: may(figure),
			}),
		),
	}),
});

const engine = v.object({
	...about,
	...figures({version: text, apiVersion: text, name: text, operatingSystem: text}),
});

const usage = v.object({
	cpuPercent: may(say(figure, 'Percent of one core: 200 is two whole cores.')),
	memoryUsedBytes: figure,
	memoryLimitBytes: may(figure),
	networkReceivedBytesPerSecond: may(figure),
	networkSentBytesPerSecond: may(figure),
	blockReadBytesPerSecond: may(figure),
	blockWrittenBytesPerSecond: may(figure),
	pids: may(count),
});

const container = v.object({
	id: text,
	key: say(text, 'Stays the same when the container is replaced: project/service/number.'),
	name: text,
	project: may(text),
	service: may(text),
	number: may(count),
	operation: may(say(text, 'Id of the operation that this container helps: one of opsconsole.')),
	image: text,
	imageId: text,
	digest: may(text),
	command: text,
	state: v.picklist(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
	health: v.picklist(['none', 'starting', 'healthy', 'unhealthy']),
	healthOutput: may(text),
	restartCount: count,
	recentRestarts: say(count, 'Restarts in the last ten minutes.'),
	isCrashLooping: flag,
	exitCode: may(v.number()),
	oomKilled: say(flag, 'The mark of the engine; it may stay while the container runs again.'),
	oomKilledAt: may(say(time, 'Its last kill for lack of memory, where the engine told of it.')),
	restartPolicy: may(text),
	createdAt: time,
	startedAt: may(time),
	finishedAt: may(time),
	ports: v.array(
		v.object({
			containerPort: count,
			protocol: text,
			hostPort: may(count),
			hostAddress: may(text),
		}),
	),
	addresses: texts,
	pid: may(count),
	cgroupParent: may(text),
	isInspected: flag,
	level,
	usage: v.nullable(usage),
	endpoints: say(texts, 'Addresses that are probed in this container.'),
});

const session = v.object({
	pid: count,
	user: text,
	database: text,
	application: text,
	client: text,
	state: text,
	waitEvent: may(text),
	transactionSeconds: may(figure),
	querySeconds: may(figure),
	stateSeconds: may(figure),
	query: text,
});

type BlockingNode = {
	readonly session: v.InferOutput<typeof session>;
	readonly blocks: BlockingNode[];
	readonly alsoBlockedBy: number[];
};

const blockingNode: v.GenericSchema<BlockingNode> = v.object({
	session,
	blocks: v.array(v.lazy(() => blockingNode)),
	alsoBlockedBy: v.array(count),
});

const part = <Schema extends v.GenericSchema>(value: Schema) =>
	v.variant('available', [
		v.object({available: v.literal(true), value}),
		v.object({
			available: v.literal(false),
			reason: v.picklist([
				'extension-missing',
				'no-rights',
				'not-on-standby',
				'version',
				'timed-out',
				'failed',
			]),
		}),
	]);

const storage = v.object({
	...about,
	...figures({
		databases: part(v.array(v.object({name: text, bytes: figure}))),
		tables: part(
			v.array(
				v.object({
					schema: text,
					name: text,
					totalBytes: figure,
					liveRows: count,
					deadRows: count,
					lastVacuumAt: may(timeOrNull),
					lastAnalyzeAt: may(timeOrNull),
				}),
			),
		),
		unusedIndexes: part(
			v.array(v.object({schema: text, table: text, name: text, bytes: figure, scans: count})),
		),
		statements: part(
			v.array(
				v.object({
					query: text,
					calls: count,
					meanMs: figure,
					totalMs: figure,
					rows: count,
					sharePercent: figure,
				}),
			),
		),
		replication: part(
			v.object({
				replicas: v.array(
					v.object({
						name: text,
						client: text,
						state: text,
						lagBytes: may(v.number()),
						lagSeconds: may(v.number()),
					}),
				),
				slots: v.array(v.object({name: text, isActive: flag, retainedBytes: may(v.number())})),
				receiverLagSeconds: may(v.number()),
				isReceiving: may(flag),
			}),
		),
		archiving: part(
			v.object({
				mode: text,
				archived: count,
				failed: count,
				lastArchivedAt: may(timeOrNull),
				lastFailedAt: may(timeOrNull),
				lastFailedFile: may(text),
			}),
		),
		dataChecksums: part(flag),
	}),
});

const postgres = v.object({
	id: text,
	level,
	...about,
	...figures({
		version: text,
		versionNumber: count,
		role: v.picklist(['primary', 'standby']),
		startedAt: time,
		database: text,
		connections: v.object({
			used: say(count, 'Client sessions.'),
			usable: say(count, 'max_connections without the reserved ones.'),
			max: count,
			usedPercent: figure,
			byState: v.record(text, count),
			byDatabase: v.array(v.object({database: text, count})),
		}),
		waiting: say(count, 'Sessions that wait for a lock.'),
		blocking: say(v.array(blockingNode), 'Who blocks whom, roots first.'),
		longestQuery: session,
		longestTransaction: session,
		idleInTransaction: v.array(session),
		active: v.array(session),
		commitsPerSecond: figure,
		rollbacksPerSecond: figure,
		cacheHitPercent: figure,
		deadlocks: count,
		deadlocksSeen: say(count, 'Since this reading began; 0 in a single reading.'),
		tempBytes: figure,
		tempFiles: count,
		checksumFailures: count,
		seesAllSessions: say(flag, "False without pg_monitor: others' statements are hidden."),
	}),
	storage,
});

const redis = v.object({
	id: text,
	level,
	...about,
	...figures({
		flavour: v.picklist(['redis', 'valkey']),
		version: text,
		runId: text,
		role: v.picklist(['master', 'replica']),
		uptimeSeconds: figure,
		memory: v.object({
			usedBytes: figure,
			rssBytes: figure,
			peakBytes: figure,
			maxBytes: say(figure, '0 means no limit.'),
			usedPercent: may(figure),
			policy: text,
			fragmentationRatio: may(figure),
		}),
		keys: v.object({
			total: count,
			expiring: count,
			databases: v.array(v.object({index: count, keys: count, expiring: count})),
		}),
		evictedKeys: count,
		expiredKeys: count,
		evictionsPerSecond: figure,
		expiriesPerSecond: figure,
		hitPercent: figure,
		clients: v.object({connected: count, blocked: count, max: count, usedPercent: figure}),
		rejectedConnections: count,
		operationsPerSecond: figure,
		pingMs: figure,
		slowLog: v.array(v.object({id: count, at: time, durationMs: figure, command: text})),
		slowLogDenied: flag,
		persistence: v.object({
			isLoading: flag,
			lastSaveAt: may(timeOrNull),
			lastSaveOk: flag,
			changesSinceSave: count,
			isSaving: flag,
			aofEnabled: flag,
			aofOk: flag,
		}),
		replication: v.object({
			replicas: count,
			masterLinkUp: may(flag),
			masterLagSeconds: may(v.number()),
		}),
		trouble: v.array(
			v.picklist(['out-of-memory', 'save-failed', 'read-only', 'loading', 'busy-script']),
		),
	}),
});

const endpoint = v.object({
	id: text,
	level,
	...about,
	...figures({
		url: text,
		status: count,
		isUp: flag,
		failure: text,
		latencyMs: figure,
		p50Ms: figure,
		p95Ms: figure,
		probes: count,
		failures: count,
		goodSinceFailure: may(say(count, 'Probes in a row since the last one that failed.')),
		failurePercent: figure,
		facts: v.array(v.object({name: text, value: text})),
		certificateDaysLeft: v.number(),
		certificateSubject: text,
		certificateTrustError: text,
	}),
});

const errors = v.object({
	level,
	...about,
	...figures({
		errorsPerMinute: figure,
		linesRead: count,
		linesSkipped: count,
		serverErrorPercent: figure,
		requestsPerSecond: figure,
		projects: say(
			v.array(
				v.object({
					project: may(text),
					errorsPerMinute: figure,
					serverErrorPercent: may(figure),
					requestsPerSecond: may(figure),
				}),
			),
			'The same figures of each Compose project, and without one of all other logs.',
		),
		groupsDropped: count,
		followed: v.array(
			v.object({
				target: text,
				project: may(text),
				service: text,
				isFollowing: flag,
				problem: may(v.object(cause)),
			}),
		),
	}),
	groups: v.array(
		v.object({
			id: say(
				text,
				'The same for the same signature in the same project, at any time and on any host.',
			),
			signature: text,
			example: text,
			details: texts,
			severity: v.picklist(['warning', 'error', 'fatal']),
			count,
			perMinute: figure,
			firstAt: time,
			lastAt: time,
			project: may(
				say(text, 'Compose project of the services; absent for logs of the host and of others.'),
			),
			services: texts,
			history: say(v.array(count), 'Counts of the last 30 minutes, oldest first.'),
		}),
	),
});

const backup = v.object({
	id: text,
	level,
	...about,
	...figures({
		kind: v.picklist(['database', 'redis', 'configuration', 'files', 'logs']),
		folder: text,
		pattern: text,
		schedule: text,
		provenance: text,
		count,
		newest: v.object({name: text, at: time, bytes: figure}),
		oldestAt: time,
		totalBytes: figure,
		medianBytes: figure,
		sizeRatio: figure,
		ageSeconds: figure,
		maxAgeSeconds: figure,
		isOverdue: flag,
		isSuspicious: flag,
		isTruncated: flag,
		proof: v.object({level: count, at: time}),
		restoredAt: time,
		isUnproven: flag,
		futureCount: count,
	}),
});

function isMetric(name: string): name is MetricId {
	return Object.hasOwn(metrics, name);
}

const alert = v.object({
	id: text,
	ruleId: text,
	metric: v.picklist(Object.keys(metrics).filter(isMetric)),
	target: text,
	subject: say(text, 'Container, mount, endpoint or set.'),
	level,
	isPending: say(flag, 'True while the condition has not held for the hold time of its rule.'),
	value: say(v.nullable(v.number()), 'In `unit`; null where it is not known.'),
	threshold: say(v.nullable(v.number()), 'In `unit`.'),
	unit: v.picklist([...new Set(Object.values(metrics))]),
	since: time,
	isSinceLatest: may(
		say(flag, 'True where it was so at the first look: it began then at the latest.'),
	),
	isRecovering: may(
		say(flag, 'True where the figure is on its way back and the alert is only held for a while.'),
	),
	recoveredBy: may(say(time, 'When it clears at the latest, where that can be told.')),
	heldSeconds: say(count, 'For how long the condition has been seen.'),
	provenance: say(text, 'Handbook row, file:line, or built in.'),
});

const problem = v.object({
	source: say(text, 'Source, area of what was not found, or configuration.'),
	target: text,
	...cause,
	since: timeOrNull,
});

/** The document of `opsconsole status --json`. */
export const statusSchema = v.object({
	version: say(text, 'Major number: a key changed its meaning. Minor: keys were added.'),
	generatedAt: time,
	environment: v.object({
		kind: v.picklist(['production', 'staging', 'test', 'development', 'unknown']),
		name: text,
	}),
	system: say(v.nullable(text), 'The shipped profile in use.'),
	title: v.nullable(text),
	level,
	host,
	engine,
	containers: v.array(container),
	postgres: v.array(postgres),
	redis: v.array(redis),
	endpoints: v.array(endpoint),
	errors,
	backups: v.array(backup),
	alerts: say(
		v.array(alert),
		'Every condition that holds now, raised ones first, the worst first.',
	),
	problems: say(v.array(problem), 'What could not be read or was not found.'),
});
