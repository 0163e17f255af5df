import type {DangerWords} from './danger.ts';

/** What commands for the host, probes and shells would really do. */
export const systemDangers = {
	'os-upgraded': {
		really: {
			en: 'upgrades everything unasked; a new Docker restarts the engine: containers without a restart policy stay down.',
			zh: '不加询问地升级所有软件；Docker 升级会重启引擎：没有重启策略的容器不会再起来。',
		},
		instead: {
			en: 'only look at the list (apt list --upgradable) and upgrade knowingly; opsconsole does not upgrade the host',
			zh: '只查看列表（apt list --upgradable），有意识地升级；opsconsole 不升级主机',
		},
	},
	'processes-killed': {
		really: {
			en: 'ends every process whose command line fits: editors, searches, those of other users; with -9 nothing is saved.',
			zh: '终止命令行匹配的所有进程：编辑器、grep、其他用户的进程；加 -9 时什么都来不及保存。',
		},
		instead: {
			en: 'stops the service by its container, with time to finish',
			zh: '按容器停止服务，并给予收尾时间',
		},
	},
	'crontab-replaced': {
		really: {
			en: 'replaces the whole table of that user by this one line.',
			zh: '用这一行替换该用户的整个 crontab。',
		},
		instead: {
			en: 'writes files of its own (systemd timers or /etc/cron.d) and touches no others',
			zh: '只写自己的文件（systemd timer 或 /etc/cron.d），不动其他文件',
		},
	},
	'cron-without-user': {
		really: {
			en: 'a line in /etc/cron.d needs a user before the command: this job never runs.',
			zh: '/etc/cron.d 的行在命令前必须写用户：该任务从不执行。',
		},
		instead: {
			en: '`opsconsole schedule` finds such lines; install writes right ones',
			zh: '`opsconsole schedule` 会发现这种行；install 会写出正确的行',
		},
	},
	'shebang-late': {
		really: {
			en: '#! counts only in the very first line: the script runs with another shell.',
			zh: '#! 只有在第一行才有效：脚本会由别的 shell 执行。',
		},
		instead: {
			en: 'schedules call opsconsole itself',
			zh: '定时任务直接调用 opsconsole',
		},
	},
	'kernel-setting': {
		really: {
			en: 'changes the kernel for everything on this host; >> adds the line again with every run.',
			zh: '改变整台主机的内核设置；>> 每次执行都会重复追加。',
		},
		instead: {
			en: 'write it once into a file of its own in /etc/sysctl.d; opsconsole changes no kernel settings',
			zh: '在 /etc/sysctl.d 中写入单独的文件；opsconsole 不修改内核设置',
		},
	},
	'firewall-opened': {
		really: {
			en: 'without rules in memory the host is open, or nobody gets in any more.',
			zh: '规则清空后要么主机完全开放，要么谁都进不来。',
		},
		instead: {
			en: 'keep a second session open; opsconsole changes no firewall',
			zh: '保留第二个会话；opsconsole 不修改防火墙',
		},
	},
	'firewall-beside-docker': {
		really: {
			en: 'ports that Docker publishes go past ufw: a deny has no effect on them. Enabling it with another SSH port than allowed locks everybody out.',
			zh: 'Docker 发布的端口绕过 ufw：deny 对其无效。若放行的不是实际 SSH 端口，启用后所有人都被锁在外面。',
		},
		instead: {
			en: 'publish on 127.0.0.1 only; compare sshd with the rules before enabling; opsconsole changes no firewall',
			zh: '只发布到 127.0.0.1；启用前核对 sshd 端口与规则；opsconsole 不修改防火墙',
		},
	},
	'firewall-no-such-rule': {
		really: {
			en: 'is no rule that ufw knows: it fails, and the script goes on.',
			zh: 'ufw 没有这种规则：命令失败，脚本照样继续。',
		},
		instead: {
			en: 'ufw lets answers in by itself; leave it out',
			zh: 'ufw 默认放行应答流量；删去即可',
		},
	},
	'probe-without-limit': {
		really: {
			en: 'waits as long as the other side likes, and what it found decides nothing.',
			zh: '没有超时，可能一直等待；得到的结果也没有决定任何事。',
		},
		instead: {
			en: 'probes with a deadline, again and again, and judges answer time and status (panel 1 and alerts)',
			zh: '带时限反复探测，并判断响应时间和状态（面板 1 与告警）',
		},
	},
	'probe-of-database': {
		really: {
			en: 'a database does not speak HTTP: it says "empty reply" whether it is well or not.',
			zh: '数据库不使用 HTTP：无论是否正常都会报“空响应”。',
		},
		instead: {
			en: 'connects and asks for one row (panels 3 and 4, `opsconsole doctor`)',
			zh: '真正连接并查询一行（面板 3、4，`opsconsole doctor`）',
		},
	},
	'fixed-pause': {
		really: {
			en: 'slow services fail after it, services that crash again and again pass in between.',
			zh: '启动慢的服务会误判失败，反复崩溃的服务却可能恰好通过。',
		},
		instead: {
			en: 'waits for health up to a deadline, several times in a row, and counts restarts',
			zh: '在时限内等待健康，要求连续多次通过，并统计重启次数',
		},
	},
	'count-twice': {
		really: {
			en: 'grep -c prints 0 and fails where nothing is found, so the count becomes "0 0": the comparison breaks, the alarm never comes.',
			zh: '没有匹配时 grep -c 输出 0 且返回失败，结果变成“0 0”：比较出错，告警永远不会触发。',
		},
		instead: {
			en: 'panel 5 counts errors per minute; unknown is never 0',
			zh: '面板 5 统计每分钟错误数；未知绝不当作 0',
		},
	},
	'ping-outside': {
		really: {
			en: 'many networks drop it: a false alarm that says nothing about the service.',
			zh: '很多网络会丢弃 ping：误报，且与服务无关。',
		},
		instead: {
			en: 'panel and alerts judge the own addresses',
			zh: '面板与告警只判断自己的地址',
		},
	},
	'secrets-printed': {
		really: {
			en: 'prints passwords and keys into the terminal, its history and every recording.',
			zh: '把密码和密钥打印到终端、历史记录和所有录屏中。',
		},
		instead: {
			en: 'shows the names of variables; values of secrets are masked everywhere',
			zh: '只显示变量名；密钥值处处遮盖',
		},
	},
	'secret-written': {
		really: {
			en: 'a password stands in the text (masked here): everybody who reads the handbook or the list of processes has it.',
			zh: '文中写有密码（此处已遮盖）：读到手册或进程列表的人都能得到它。',
		},
		instead: {
			en: 'reads secrets from files of mode 0600 (password_file)',
			zh: '从权限 0600 的文件读取密钥（password_file）',
		},
	},
	'variables-not-inherited': {
		really: {
			en: 'a service of systemd does not inherit variables of this shell: it starts with the old ones.',
			zh: 'systemd 服务不会继承当前 shell 的变量：仍以旧值启动。',
		},
		instead: {
			en: 'write it into the unit (drop-in) or the env file; opsconsole does not operate systemd units yet',
			zh: '写入 unit 的 drop-in 或 env 文件；opsconsole 目前不操作 systemd 单元',
		},
	},
	'reload-not-read': {
		really: {
			en: 'most programs read their environment and secrets only at their start: a reload leaves the old ones.',
			zh: '多数程序只在启动时读取环境变量和密钥：reload 后仍是旧值。',
		},
		instead: {
			en: 'restart where the unit cannot reload; opsconsole does not operate systemd units yet',
			zh: '单元不支持 reload 时应重启；opsconsole 目前不操作 systemd 单元',
		},
	},
	'unit-restarted': {
		really: {
			en: 'a restart as the first remedy loses the evidence and cuts all sessions; a watchdog that does it brings up what was stopped on purpose.',
			zh: '一上来就重启会丢失证据并断开所有会话；看门狗这样做还会把有意停止的服务拉起来。',
		},
		instead: {
			en: 'look first (w: what is wrong); opsconsole restarts containers with evidence, systemd units not yet',
			zh: '先诊断（w：哪里出了问题）；opsconsole 会保留证据重启容器，尚不操作 systemd 单元',
		},
	},
	'host-packages': {
		really: {
			en: 'installs on the host; the containers that run do not get it.',
			zh: '安装在宿主机上；运行中的容器得不到这些依赖。',
		},
		instead: {
			en: 'build the image anew, then renew the service',
			zh: '重新构建镜像，再重建服务',
		},
	},
	'fetched-and-run': {
		really: {
			en: 'runs as it arrives what a server sends, cut or exchanged.',
			zh: '服务器发什么就执行什么，可能残缺或被替换。',
		},
		instead: {
			en: 'fetch, check a hash, read, then run',
			zh: '先下载、校验哈希、阅读，再执行',
		},
	},
	'process-traced': {
		really: {
			en: 'slows the traced process down, often to a standstill.',
			zh: '会使被跟踪的进程明显变慢，甚至停滞。',
		},
		instead: {
			en: 'the host panel shows its CPU, memory and I/O',
			zh: '主机面板显示其 CPU、内存和 I/O',
		},
	},
	'several-pids': {
		really: {
			en: 'with several processes the option gets several numbers, and the command fails.',
			zh: '有多个进程时该选项会得到多个编号，命令失败。',
		},
		instead: {
			en: 'the host panel lists the busiest processes',
			zh: '主机面板列出最忙的进程',
		},
	},
	'tests-on-live': {
		really: {
			en: 'tests write: on a live system they leave and change data.',
			zh: '测试会写数据：在生产系统上会留下或修改数据。',
		},
		instead: {
			en: 'read-only probes of endpoints judge the live system',
			zh: '用只读探测判断线上系统',
		},
	},
	'find-wrong-option': {
		really: {
			en: 'find does not know this option: it prints an error and no file.',
			zh: 'find 不认识该选项：只报错，不列出任何文件。',
		},
		instead: {
			en: 'leave -l away',
			zh: '去掉 -l',
		},
	},
	'loop-restarts': {
		really: {
			en: 'starts again and again what fails: hides the cause, and brings up what was stopped on purpose.',
			zh: '反复拉起失败的服务：掩盖原因，还会启动有意停止的服务。',
		},
		instead: {
			en: 'alerts on crash loops with the last exit code and log lines',
			zh: '对崩溃循环告警，并给出最后的退出码和日志',
		},
	},
} as const satisfies DangerWords;
