import type {ProblemWords} from './words.ts';

/** What can go wrong with redis: what failed, and what to do next. */
export const redisProblems = {
	'redis-refused': {
		en: {
			summary: 'nothing listens on {address}',
			hint: 'Start the Redis server, or correct its host and port: redis-cli -h {host} -p {port} ping',
		},
		zh: {
			summary: '{address} 上没有服务在监听',
			hint: '请启动 Redis 服务器，或更正主机和端口：redis-cli -h {host} -p {port} ping',
		},
	},
	'redis-unreachable': {
		en: {
			summary: '{address} cannot be reached ({cause})',
			hint: 'Check the network, the address and the firewall between this host and the Redis server.',
		},
		zh: {
			summary: '无法访问 {address}（{cause}）',
			hint: '请检查本机与 Redis 服务器之间的网络、地址和防火墙。',
		},
	},
	'redis-unknown-host': {
		en: {
			summary: 'the host name of {address} is not known',
			hint: 'Correct the host of this Redis server, or check the name service: getent hosts {host}',
		},
		zh: {
			summary: '无法解析 {address} 的主机名',
			hint: '请更正该 Redis 服务器的主机名，或检查域名解析：getent hosts {host}',
		},
	},
	'redis-no-socket': {
		en: {
			summary: 'there is no socket {address}',
			hint: 'Start the Redis server, or set `unixsocket` in its configuration to this path.',
		},
		zh: {
			summary: '套接字 {address} 不存在',
			hint: '请启动 Redis 服务器，或在其配置中将 `unixsocket` 设为该路径。',
		},
	},
	'redis-socket-denied': {
		en: {
			summary: 'this user may not open the socket {address}',
			hint: 'Add this user to the group of the socket: ls -l {host}',
		},
		zh: {
			summary: '当前用户无权打开套接字 {address}',
			hint: '请将当前用户加入该套接字所属的用户组：ls -l {host}',
		},
	},
	'redis-connect-timeout': {
		en: {
			summary: '{address} did not accept a connection within {seconds} s',
			hint: 'Check the address and the firewall; a server that is frozen or swapping looks the same.',
		},
		zh: {
			summary: '{address} 在 {seconds} 秒内未接受连接',
			hint: '请检查地址和防火墙；服务器卡死或正在使用交换分区时也会如此。',
		},
	},
	'redis-connection-lost': {
		en: {
			summary: 'the connection to {address} was lost',
			hint: 'The server stopped or closed it (a port that wants TLS does so too); it is tried again by itself.',
		},
		zh: {
			summary: '与 {address} 的连接已断开',
			hint: '服务器已停止或主动关闭了连接（要求 TLS 的端口也会如此）；系统会自动重试。',
		},
	},
	'redis-needs-password': {
		en: {
			summary: '{address} asks for a password (NOAUTH)',
			hint: 'Give the password of this Redis server in the configuration (`password: ${file:…}` or an environment variable).',
		},
		zh: {
			summary: '{address} 要求密码（NOAUTH）',
			hint: '请在配置中提供该 Redis 服务器的密码（`password: ${file:…}` 或环境变量）。',
		},
	},
	'redis-wrong-password': {
		en: {
			summary: '{address} refuses the password of user {user} (WRONGPASS)',
			hint: 'Correct the user and the password in the configuration; it is tried again only once a minute.',
		},
		zh: {
			summary: '{address} 拒绝了用户 {user} 的密码（WRONGPASS）',
			hint: '请更正配置中的用户和密码；系统每分钟只重试一次。',
		},
	},
	'redis-no-permission': {
		en: {
			summary: 'user {user} may not run {command} on {address} (NOPERM)',
			hint: 'Grant it: ACL SETUSER {user} +info +ping +slowlog +config|get +scan +select +memory|usage +type +pttl +exists +llen +hlen +zcard +sscan +client|setname %R~*',
		},
		zh: {
			summary: '用户 {user} 无权在 {address} 上执行 {command}（NOPERM）',
			hint: '请授权：ACL SETUSER {user} +info +ping +slowlog +config|get +scan +select +memory|usage +type +pttl +exists +llen +hlen +zcard +sscan +client|setname %R~*',
		},
	},
	'redis-loading': {
		en: {
			summary: '{address} is loading its data from disk (LOADING)',
			hint: 'Wait until it is done: redis-cli -h {host} -p {port} info persistence',
		},
		zh: {
			summary: '{address} 正在从磁盘加载数据（LOADING）',
			hint: '请等待加载完成：redis-cli -h {host} -p {port} info persistence',
		},
	},
	'redis-busy-script': {
		en: {
			summary: 'a script blocks {address}; every command is refused (BUSY)',
			hint: 'End it if it may be ended: redis-cli -h {host} -p {port} script kill',
		},
		zh: {
			summary: '脚本阻塞了 {address}，所有命令均被拒绝（BUSY）',
			hint: '如允许终止，请执行：redis-cli -h {host} -p {port} script kill',
		},
	},
	'redis-out-of-memory': {
		en: {
			summary: '{address} refuses writes: memory is at its limit (OOM)',
			hint: 'Raise `maxmemory`, choose a policy that evicts, or remove keys.',
		},
		zh: {
			summary: '{address} 拒绝写入：内存已达上限（OOM）',
			hint: '请提高 `maxmemory`、选择可淘汰数据的策略，或删除部分键。',
		},
	},
	'redis-save-failed': {
		en: {
			summary: '{address} refuses writes: its last save failed (MISCONF)',
			hint: 'Read its log; usually the disk is full or the folder cannot be written: redis-cli -h {host} -p {port} config get dir',
		},
		zh: {
			summary: '{address} 拒绝写入：最近一次保存失败（MISCONF）',
			hint: '请查看其日志；通常是磁盘已满或目录不可写：redis-cli -h {host} -p {port} config get dir',
		},
	},
	'redis-read-only': {
		en: {
			summary: '{address} is a replica and refuses writes (READONLY)',
			hint: 'Point the writer at the master: redis-cli -h {host} -p {port} info replication',
		},
		zh: {
			summary: '{address} 是副本，拒绝写入（READONLY）',
			hint: '请让写入方连接主节点：redis-cli -h {host} -p {port} info replication',
		},
	},
	'redis-master-down': {
		en: {
			summary: '{address} lost its master and serves no old data (MASTERDOWN)',
			hint: 'Bring the master back, or promote this replica.',
		},
		zh: {
			summary: '{address} 与主节点断开且不提供旧数据（MASTERDOWN）',
			hint: '请恢复主节点，或将该副本提升为主节点。',
		},
	},
	'redis-too-many-clients': {
		en: {
			summary: '{address} has no connection left (max number of clients reached)',
			hint: 'Find who holds them with `redis-cli client list`, or raise `maxclients`.',
		},
		zh: {
			summary: '{address} 的连接数已用尽（max number of clients reached）',
			hint: '请用 `redis-cli client list` 查找占用者，或提高 `maxclients`。',
		},
	},
	'redis-protected': {
		en: {
			summary: '{address} is in protected mode and refuses other hosts (DENIED)',
			hint: 'Run opsconsole on the host of the server, or set a password and `bind` there.',
		},
		zh: {
			summary: '{address} 处于保护模式，拒绝其他主机（DENIED）',
			hint: '请在该服务器所在主机上运行 opsconsole，或为其设置密码和 `bind`。',
		},
	},
	'redis-tls': {
		en: {
			summary: 'no TLS connection to {address} ({cause})',
			hint: 'Give the authority with `caFile`, correct `tls`, or check that the server really speaks TLS on this port.',
		},
		zh: {
			summary: '无法与 {address} 建立 TLS 连接（{cause}）',
			hint: '请用 `caFile` 指定证书颁发机构、更正 `tls`，或确认该端口确实使用 TLS。',
		},
	},
	'redis-ca-file': {
		en: {
			summary: 'the certificate file {file} cannot be read ({cause})',
			hint: 'Correct `caFile` of this Redis server, or give this user the right to read it.',
		},
		zh: {
			summary: '无法读取证书文件 {file}（{cause}）',
			hint: '请更正该 Redis 服务器的 `caFile`，或授予当前用户读取权限。',
		},
	},
	'redis-not-redis': {
		en: {
			summary: '{address} does not answer like a Redis server',
			hint: 'Correct the port; another program listens there: ss -ltnp',
		},
		zh: {
			summary: '{address} 的响应不是 Redis 协议',
			hint: '请更正端口；该端口上运行的是其他程序：ss -ltnp',
		},
	},
	'redis-no-info': {
		en: {
			summary: '{address} answers INFO without the figures of a Redis server',
			hint: 'A proxy in front of it may answer in its place; watch the server itself: redis-cli -h {host} -p {port} info',
		},
		zh: {
			summary: '{address} 的 INFO 响应中没有 Redis 服务器的数据',
			hint: '可能是前面的代理在代为响应；请直接监控服务器本身：redis-cli -h {host} -p {port} info',
		},
	},
	'redis-error': {
		en: {
			summary: '{address} refused {command}: {cause}',
			hint: 'The text is the server’s own answer; its log may say more.',
		},
		zh: {
			summary: '{address} 拒绝了 {command}：{cause}',
			hint: '以上为服务器的原始响应；其日志中可能有更多信息。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
