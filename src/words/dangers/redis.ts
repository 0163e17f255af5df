import type {DangerWords} from './danger.ts';

/** What commands for Redis would really do. */
export const redisDangers = {
	'redis-flushed': {
		really: {
			en: 'deletes all keys: sessions and the queue of Celery as well as the cache. Nothing takes it back.',
			zh: '删除全部键：不只缓存，会话和 Celery 队列也一并删除，无法撤销。',
		},
		instead: {
			en: 'deletes only the keys of a typed prefix, counted before, after a backup',
			zh: '只删除输入的前缀下的键，事先计数并先备份',
		},
	},
	'redis-keys-deleted': {
		really: {
			en: 'deletes every key that the pattern finds, not expired ones: Redis removes those itself. Names with blanks or quotes hit other keys.',
			zh: '删除匹配到的每一个键，而不是过期键：过期键 Redis 会自行清除。带空格或引号的键名会误删其他键。',
		},
		instead: {
			en: 'shows the largest kinds of keys and those without expiry first; deletes one prefix after counting it',
			zh: '先显示占用最大的键类型和没有过期时间的键；计数后只删除一个前缀',
		},
	},
	'redis-all-keys': {
		really: {
			en: 'walks all keys in one go; every client waits until it is done.',
			zh: '一次遍历所有键，期间所有客户端都要等待。',
		},
		instead: {
			en: 'samples keys with SCAN within a budget (panel 4)',
			zh: '用 SCAN 在限额内抽样（面板 4）',
		},
	},
	'redis-monitor': {
		really: {
			en: 'shows every command with its values, passwords too, and can halve the throughput.',
			zh: '显示每条命令及其值（包括密码），吞吐量可能减半。',
		},
		instead: {
			en: 'panel 4 shows the slow log and the rates',
			zh: '面板 4 显示慢日志和速率',
		},
	},
	'redis-latency-endless': {
		really: {en: 'never ends by itself.', zh: '不会自行结束。'},
		instead: {
			en: 'panel 4 shows how long a PING takes',
			zh: '面板 4 显示 PING 耗时',
		},
	},
	'redis-setting-lost': {
		really: {
			en: 'holds only until the next restart: then the old value is back.',
			zh: '只在下次重启前有效：重启后恢复旧值。',
		},
		instead: {
			en: 'sets it, keeps the old value for the way back, and says whether it was made to last (--persist)',
			zh: '设置并保留旧值以便恢复，并说明是否已持久保存（--persist）',
		},
	},
	'redis-evicts-everything': {
		really: {
			en: 'lets Redis throw away any key when it is full: queued tasks and sessions too.',
			zh: '内存满时可能丢弃任何键：排队任务和会话也不例外。',
		},
		instead: {
			en: 'sets a policy after showing how many keys have no expiry; volatile-* leaves those alone',
			zh: '先显示没有过期时间的键数量再设置策略；volatile-* 不会动这些键',
		},
	},
	'redis-save-guessed': {
		really: {
			en: 'only starts a save, or finds another one running, and exits 0: after a fixed pause the old file may be copied.',
			zh: '只是触发保存（或已有保存在进行）并返回 0：固定等待后复制到的可能还是旧文件。',
		},
		instead: {
			en: 'waits for its own save and its status, reads the file whole, and proves it by loading it',
			zh: '等待自己的保存及其状态，完整读取文件，并通过加载来证明',
		},
	},
	'redis-file-copied': {
		really: {
			en: 'with appendonly on the file is ignored; a running server overwrites it when it stops; a wrong owner keeps Redis from starting.',
			zh: '开启 appendonly 时该文件被忽略；运行中的服务停止时会覆盖它；属主不对则 Redis 无法启动。',
		},
		instead: {
			en: 'loads the backup into a server beside and lets the live one take it over; the old data is backed up first',
			zh: '把备份加载到旁边的实例，再由线上实例接管；旧数据先行备份',
		},
	},
	'redis-no-such-field': {
		really: {
			en: 'INFO has no such field: it prints nothing, which looks like no trouble.',
			zh: 'INFO 没有该字段：什么都不输出，看起来像没有问题。',
		},
		instead: {
			en: 'panel 4 shows the share of hits of the last interval',
			zh: '面板 4 显示最近一段时间的命中率',
		},
	},
	'redis-password-shown': {
		really: {
			en: 'the password stands in the list of processes and in the history of the shell.',
			zh: '密码会出现在进程列表和 shell 历史中。',
		},
		instead: {
			en: 'takes the password from a file or the container and shows it nowhere',
			zh: '从文件或容器读取密码，任何地方都不显示',
		},
	},
} as const satisfies DangerWords;
