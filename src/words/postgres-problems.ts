import type {ProblemWords} from './words.ts';

/** What can go wrong with PostgreSQL: what failed, and what to do next. */
export const postgresProblems = {
	'postgres-refused': {
		en: {
			summary: 'nothing accepts connections at {address} (ECONNREFUSED)',
			hint: 'Check that the server runs (`systemctl status postgresql` or `docker compose ps`) and that `listen_addresses` and the port are right.',
		},
		zh: {
			summary: '{address} 没有服务接受连接 (ECONNREFUSED)',
			hint: '请确认服务器正在运行（`systemctl status postgresql` 或 `docker compose ps`），并检查 `listen_addresses` 和端口。',
		},
	},
	'postgres-no-socket': {
		en: {
			summary: 'no server socket at {address} ({cause})',
			hint: 'Check that the server runs and that `unix_socket_directories` names this folder.',
		},
		zh: {
			summary: '{address} 处没有服务器套接字 ({cause})',
			hint: '请确认服务器正在运行，并且 `unix_socket_directories` 包含此目录。',
		},
	},
	'postgres-unreachable': {
		en: {
			summary: '{address} cannot be reached ({cause})',
			hint: 'Check the address, the route and the firewall between this machine and the server.',
		},
		zh: {
			summary: '无法到达 {address} ({cause})',
			hint: '请检查地址、路由以及本机与服务器之间的防火墙。',
		},
	},
	'postgres-no-answer': {
		en: {
			summary: '{address} accepts the connection but gives no answer within {seconds} s',
			hint: 'The server is frozen or overloaded, or a firewall swallows the packets; look at the load of its machine.',
		},
		zh: {
			summary: '{address} 接受连接，但 {seconds} 秒内没有应答',
			hint: '服务器可能已冻结或过载，或者防火墙丢弃了数据包；请查看其主机负载。',
		},
	},
	'postgres-lost': {
		en: {
			summary: 'the connection to {address} broke ({cause})',
			hint: 'The server was stopped or restarted, or the network was interrupted; its log says which.',
		},
		zh: {
			summary: '与 {address} 的连接中断 ({cause})',
			hint: '服务器被停止或重启，或者网络中断；请查看服务器日志。',
		},
	},
	'postgres-password': {
		en: {
			summary: 'the password of user {user} is not accepted (28P01)',
			hint: 'Correct the password in the configuration, or set a new one on the server with `ALTER ROLE {user} PASSWORD …`; tried again once a minute.',
		},
		zh: {
			summary: '用户 {user} 的密码未被接受 (28P01)',
			hint: '请更正配置中的密码，或在服务器上用 `ALTER ROLE {user} PASSWORD …` 设置新密码；每分钟重试一次。',
		},
	},
	'postgres-no-password': {
		en: {
			summary: 'the server asks for a password of user {user} and none is configured',
			hint: 'Set `password` of this database in opsconsole.yaml, best as a `${file:…}` reference.',
		},
		zh: {
			summary: '服务器要求用户 {user} 的密码，但未配置',
			hint: '请在 opsconsole.yaml 中为此数据库设置 `password`，最好使用 `${file:…}` 引用。',
		},
	},
	'postgres-no-role': {
		en: {
			summary: 'the role {user} does not exist or may not log in (28000)',
			hint: 'Create it with `CREATE ROLE {user} LOGIN; GRANT pg_monitor TO {user}`, or configure another user.',
		},
		zh: {
			summary: '角色 {user} 不存在或不允许登录 (28000)',
			hint: '请用 `CREATE ROLE {user} LOGIN; GRANT pg_monitor TO {user}` 创建，或配置其他用户。',
		},
	},
	'postgres-login-refused': {
		en: {
			summary: 'login as {user} is refused (28000): {cause}',
			hint: 'Add a line for this user, database and address to `pg_hba.conf`, then run `SELECT pg_reload_conf()`.',
		},
		zh: {
			summary: '拒绝以 {user} 登录 (28000)：{cause}',
			hint: '请在 `pg_hba.conf` 中为此用户、数据库和地址添加一行，然后执行 `SELECT pg_reload_conf()`。',
		},
	},
	'postgres-no-database': {
		en: {
			summary: 'the database {database} does not exist (3D000)',
			hint: 'List the databases with `psql -l` and correct `database` in the configuration.',
		},
		zh: {
			summary: '数据库 {database} 不存在 (3D000)',
			hint: '请用 `psql -l` 列出数据库，并更正配置中的 `database`。',
		},
	},
	'postgres-full': {
		en: {
			summary: 'no connection is free (53300): {cause}; the limit is {limit}',
			hint: 'Find who holds them with `SELECT application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2`; close idle ones or raise max_connections.',
		},
		zh: {
			summary: '没有空闲连接 (53300)：{cause}；上限为 {limit}',
			hint: '用 `SELECT application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2` 查看占用者；关闭空闲连接或提高 max_connections。',
		},
	},
	'postgres-full-unknown': {
		en: {
			summary: 'no connection is free (53300): {cause}',
			hint: 'Log in as a superuser (slots are reserved for it), run `SHOW max_connections` and `SELECT application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2`.',
		},
		zh: {
			summary: '没有空闲连接 (53300)：{cause}',
			hint: '以超级用户登录（为其保留了连接），执行 `SHOW max_connections` 和 `SELECT application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2`。',
		},
	},
	'postgres-starting': {
		en: {
			summary: 'the server takes no connections yet or any more (57P03): {cause}',
			hint: 'It is starting up, recovering or shutting down; wait, and follow its log.',
		},
		zh: {
			summary: '服务器暂时不接受连接 (57P03)：{cause}',
			hint: '服务器正在启动、恢复或关闭；请等待并查看其日志。',
		},
	},
	'postgres-not-accepting': {
		en: {
			summary: 'the server does not accept this now (55000): {cause}',
			hint: 'A database is closed on purpose during a restore; afterwards `ALTER DATABASE {database} ALLOW_CONNECTIONS true` opens it.',
		},
		zh: {
			summary: '服务器目前不接受此操作 (55000)：{cause}',
			hint: '恢复期间数据库会被有意关闭；之后用 `ALTER DATABASE {database} ALLOW_CONNECTIONS true` 重新开放。',
		},
	},
	'postgres-restoring': {
		en: {
			summary: 'restore in progress: database {database} is closed since {since} by {id}',
			hint: 'It opens by itself when the restore ends; follow it with `opsconsole attach {id}`.',
		},
		zh: {
			summary: '正在恢复：数据库 {database} 自 {since} 起由 {id} 关闭',
			hint: '恢复结束后会自动开放；用 `opsconsole attach {id}` 跟踪。',
		},
	},
	'postgres-shutdown': {
		en: {
			summary: 'the server ended the connection ({state}): {cause}',
			hint: 'It was stopped, restarted, or somebody terminated the session; it is connected again by itself.',
		},
		zh: {
			summary: '服务器结束了连接 ({state})：{cause}',
			hint: '服务器被停止、重启，或会话被终止；将自动重新连接。',
		},
	},
	'postgres-no-rights': {
		en: {
			summary: 'user {user} lacks a right (42501): {cause}',
			hint: 'Run `GRANT pg_monitor TO {user}` and `GRANT CONNECT ON DATABASE {database} TO {user}` as a superuser.',
		},
		zh: {
			summary: '用户 {user} 缺少权限 (42501)：{cause}',
			hint: '请以超级用户执行 `GRANT pg_monitor TO {user}` 和 `GRANT CONNECT ON DATABASE {database} TO {user}`。',
		},
	},
	'postgres-slow': {
		en: {
			summary: '{address} is slow: no result within {seconds} s',
			hint: 'It is overloaded or waits for its disk; look at the load of its machine and at the longest queries.',
		},
		zh: {
			summary: '{address} 很慢：{seconds} 秒内没有结果',
			hint: '可能过载或在等待磁盘；请查看主机负载和最长的查询。',
		},
	},
	'postgres-locked': {
		en: {
			summary: 'a statement of opsconsole waited too long for a lock (55P03)',
			hint: 'Somebody holds an exclusive lock on a catalog or table; the blocking tree shows who.',
		},
		zh: {
			summary: 'opsconsole 的语句等待锁超时 (55P03)',
			hint: '有会话持有系统表或数据表的排他锁；请查看阻塞树。',
		},
	},
	'postgres-no-tls': {
		en: {
			summary: '{address} does not offer TLS',
			hint: 'Switch it on with `ssl = on` in postgresql.conf, or set `tls: off` for this database if the way to it is safe.',
		},
		zh: {
			summary: '{address} 不提供 TLS',
			hint: '请在 postgresql.conf 中设置 `ssl = on`；若网络可信，也可为此数据库设置 `tls: off`。',
		},
	},
	'postgres-untrusted': {
		en: {
			summary: 'the certificate of {address} is not trusted ({cause})',
			hint: 'Name the authority that signed it with `caFile`, or correct the host name; `tls: insecure` skips the check.',
		},
		zh: {
			summary: '{address} 的证书不受信任 ({cause})',
			hint: '请用 `caFile` 指定签发机构，或更正主机名；`tls: insecure` 会跳过检查。',
		},
	},
	'postgres-tls': {
		en: {
			summary: 'TLS with {address} failed ({cause})',
			hint: 'Compare the TLS versions and ciphers with `openssl s_client -starttls postgres -connect {address}`.',
		},
		zh: {
			summary: '与 {address} 的 TLS 连接失败 ({cause})',
			hint: '请用 `openssl s_client -starttls postgres -connect {address}` 比较 TLS 版本和加密套件。',
		},
	},
	'postgres-ca-file': {
		en: {
			summary: 'the certificate file {path} cannot be read ({cause})',
			hint: 'Correct `caFile` of this database, or give this user the right to read the file.',
		},
		zh: {
			summary: '无法读取证书文件 {path} ({cause})',
			hint: '请更正此数据库的 `caFile`，或授予当前用户读取该文件的权限。',
		},
	},
	'postgres-too-old': {
		en: {
			summary: 'PostgreSQL {version} is older than 12',
			hint: 'opsconsole reads PostgreSQL 12 to 18; versions before 12 get no fixes any more, so plan an upgrade.',
		},
		zh: {
			summary: 'PostgreSQL {version} 早于 12',
			hint: 'opsconsole 支持 PostgreSQL 12 至 18；更早的版本已无修复，请计划升级。',
		},
	},
	'postgres-statement': {
		en: {
			summary: 'the server rejects a statement ({state}): {cause}',
			hint: 'This is not a known failure; its log shows the statement.',
		},
		zh: {
			summary: '服务器拒绝了一条语句 ({state})：{cause}',
			hint: '这不是已知的故障；服务器日志中有该语句。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
