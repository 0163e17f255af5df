/** One line of a log with what is right for it: its severity and the error it belongs to. */
export type Sample = readonly [line: string, severity: string, error: string];

const samples: Sample[] = [];

/** Lines of one error, which must share one signature. */
function error(name: string, severity: string, ...lines: readonly string[]): void {
	for (const line of lines) samples.push([line, severity, name]);
}

// Python and uvicorn.
error(
	'py-timeout',
	'error',
	'2026-11-21 10:00:00,123 - app.orders - ERROR - Request 8812 timed out after 30.1s',
	'2026-11-21 10:02:07,004 - app.orders - ERROR - Request 17 timed out after 2s',
	'2026-11-21 11:12:59,999 - app.orders - ERROR - Request 900 timed out after 120 seconds',
);
error(
	'py-db',
	'error',
	'ERROR:app.database:connection to server at "10.0.0.4", port 5432 failed: Connection refused',
	'ERROR:app.database:connection to server at "db", port 6432 failed: Connection refused',
);
error(
	'py-critical',
	'fatal',
	'[2026-11-21 10:00:00 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:81)',
	'[2026-11-21 10:03:00 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:4412)',
);
error(
	'uvicorn-asgi',
	'error',
	'ERROR:    Exception in ASGI application',
	'ERROR:    Exception in ASGI application',
);
error(
	'uvicorn-bind',
	'error',
	"ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use",
	"ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 8080): address already in use",
);
error(
	'py-warn',
	'warning',
	'WARNING:root:Retrying in 5 seconds',
	'WARNING:root:Retrying in 60 seconds',
);
error('py-keyerror', 'error', "KeyError: 'user_17'", "KeyError: 'session'");
error(
	'py-valueerror',
	'error',
	"ValueError: invalid literal for int() with base 10: 'abc'",
	"ValueError: invalid literal for int() with base 10: ''",
);
error(
	'celery',
	'error',
	'[2026-11-21 10:00:00,123: ERROR/ForkPoolWorker-2] Task app.tasks.sync[5b1e0c3e-0f4e-4f5e-9a51-1f1a8f3c0b11] raised unexpected: ConnectionError()',
	'[2026-11-21 10:07:10,003: ERROR/ForkPoolWorker-7] Task app.tasks.sync[aa1e0c3e-1f4e-4f5e-8a51-3f1a8f3c0bff] raised unexpected: ConnectionError()',
);
error(
	'celery-warn',
	'warning',
	'[2026-11-21 10:00:00,123: WARNING/MainProcess] consumer: Connection to broker lost. Trying to re-establish the connection...',
	'[2026-11-21 12:00:00,123: WARNING/MainProcess] consumer: Connection to broker lost. Trying to re-establish the connection...',
);
error(
	'py-user',
	'error',
	'2026-11-21 10:00:00 ERROR    [auth] login failed for alice@example.com from 203.0.113.9',
	'2026-11-21 10:00:01 ERROR    [auth] login failed for bob@example.org from 198.51.100.77:4431',
);
error(
	'py-file',
	'error',
	'2026-11-21T10:00:00Z ERROR cannot open /var/lib/app/models/v3/model-2026.bin',
	'2026-11-21T10:00:09Z ERROR cannot open /srv/data/x.bin',
);
error(
	'py-status-502',
	'error',
	'2026-11-21 10:00:00,1 ERROR upstream https://api.example.com/v1/odds?id=1 answered with status 502',
	'2026-11-21 10:00:00,1 ERROR upstream http://odds:8080/v1/x answered with status 502',
);
error(
	'py-status-404',
	'error',
	'2026-11-21 10:00:00,1 ERROR upstream https://api.example.com/v1/odds?id=1 answered with status 404',
	'2026-11-21 10:00:00,1 ERROR upstream https://api.example.com/v1/odds?id=7 answered with status 404',
);
error(
	'loguru',
	'error',
	'2026-11-21 10:00:00.123 | ERROR    | app.main:predict:42 - Model 12 not loaded',
	'2026-11-21 10:10:00.123 | ERROR    | app.main:predict:42 - Model 3 not loaded',
);
error(
	'py-warn-memory',
	'warning',
	'2026-11-21 10:00:00,123 WARNING [worker] memory use 81.5% is above 80%',
	'2026-11-21 10:00:00,123 WARNING [worker] memory use 99% is above 80%',
);
error(
	'quiet',
	'info',
	'INFO:     Started server process [7]',
	'INFO:     Application startup complete.',
	'2026-11-21 10:00:00,123 - app - INFO - 0 errors in 12 requests',
	'2026-11-21 10:00:00 DEBUG sending request',
	'INFO:     172.18.0.1:44312 - "GET /health HTTP/1.1" 200 OK',
	'INFO:     172.18.0.1:44312 - "GET /missing HTTP/1.1" 404 Not Found',
	'Listening on port 8000',
	'GET / done',
	'2026-11-21 10:00:00 INFO no error found',
	'progress 10%',
	'error_count=0',
);
// JSON lines, H5-07 and variants.
error(
	'json-h5',
	'error',
	'{"timestamp": "2026-11-21T10:00:00.123456", "level": "ERROR", "message": "Order 17 failed", "module": "orders", "function": "create", "line": 42}',
	'{"timestamp": "2026-11-21T10:00:09.123456", "level": "ERROR", "message": "Order 18 failed", "module": "orders", "function": "create", "line": 42, "user_id": 5}',
);
error(
	'json-pino',
	'error',
	'{"level":50,"time":1795255200000,"pid":1,"hostname":"a","msg":"request errored","err":{"type":"Error","message":"boom"}}',
	'{"level":50,"time":1795255211000,"pid":1,"hostname":"b","msg":"request errored","err":{"type":"Error","message":"boom"}}',
);
error(
	'json-zap',
	'warning',
	'{"level":"warn","ts":1795255200.5,"caller":"main.go:10","msg":"slow query","took":"1.2s"}',
	'{"level":"warn","ts":1795255201.5,"caller":"main.go:10","msg":"slow query","took":"9.2s"}',
);
error(
	'json-fatal',
	'fatal',
	'{"severity":"CRITICAL","message":"disk /dev/sda1 is full"}',
	'{"severity":"CRITICAL","message":"disk /dev/vdb is full"}',
);
error(
	'json-zh',
	'error',
	'{"timestamp":"2026-11-21T10:00:00","level":"ERROR","message":"用户12345登录失败","module":"auth","function":"login","line":9}',
	'{"timestamp":"2026-11-21T10:00:00","level":"ERROR","message":"用户9登录失败","module":"auth","function":"login","line":9}',
);
error(
	'json-access-500',
	'error',
	'{"time":"2026-11-21T10:00:00Z","method":"GET","path":"/api/users/17","status":500,"duration_ms":3}',
	'{"time":"2026-11-21T10:00:01Z","method":"GET","path":"/api/users/18?x=1","status":500,"duration_ms":4}',
);
error(
	'quiet',
	'info',
	'{"level":"INFO","message":"error budget fine"}',
	'{"level":30,"msg":"ok"}',
	'{"method":"GET","path":"/x","status":200}',
	'{"a":1}',
);
// nginx.
error(
	'nginx-502',
	'error',
	'172.18.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET /api/orders/17 HTTP/1.1" 502 157 "-" "curl/7.88.1"',
	'10.0.0.9 - bob [21/Nov/2026:10:00:07 +0000] "GET /api/orders/99?page=2 HTTP/1.1" 502 157 "-" "Mozilla/5.0"',
);
error(
	'nginx-504',
	'error',
	'172.18.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET /api/orders/17 HTTP/1.1" 504 157 "-" "curl/7.88.1"',
	'172.18.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET /api/orders/3 HTTP/1.1" 504 157 "-" "curl/7.88.1"',
);
error(
	'nginx-post-500',
	'error',
	'172.18.0.1 - - [21/Nov/2026:10:00:00 +0000] "POST /login HTTP/2.0" 500 1 "-" "-"',
	'::1 - - [21/Nov/2026:10:00:00 +0000] "POST /login HTTP/1.1" 500 99 "-" "-" 0.123',
);
error(
	'nginx-refused',
	'error',
	'2026/11/21 10:00:00 [error] 31#31: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 172.18.0.1, server: , request: "GET /api HTTP/1.1", upstream: "http://172.18.0.4:8000/api", host: "localhost:8080"',
	'2026/11/21 10:05:00 [error] 29#29: *991 connect() failed (111: Connection refused) while connecting to upstream, client: 10.1.2.3, server: , request: "POST /api/x HTTP/1.1", upstream: "http://172.18.0.5:8000/api/x", host: "example.com"',
);
error(
	'nginx-warn',
	'warning',
	'2026/11/21 10:00:00 [warn] 31#31: *8 an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/1/00/0000000001 while reading upstream',
	'2026/11/21 10:00:00 [warn] 31#31: *9 an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/2/00/0000000002 while reading upstream',
);
error(
	'nginx-emerg',
	'fatal',
	'2026/11/21 10:00:00 [emerg] 1#1: host not found in upstream "app" in /etc/nginx/conf.d/default.conf:12',
	'2026/11/21 10:00:00 [emerg] 7#7: host not found in upstream "web" in /etc/nginx/nginx.conf:3',
);
error(
	'quiet',
	'info',
	'172.18.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET /error HTTP/1.1" 200 157 "-" "curl/7.88.1"',
	'2026/11/21 10:00:00 [notice] 1#1: start worker processes',
	'172.18.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET /x HTTP/1.1" 404 9 "-" "-"',
	'172.18.0.1 - - [21/Nov/2026:10:00:00 +0000] "HEAD / HTTP/1.1" 301 9 "-" "-"',
);
// PostgreSQL with several prefixes.
error(
	'pg-duplicate',
	'error',
	'2026-11-21 10:00:00.123 UTC [71] ERROR:  duplicate key value violates unique constraint "users_pkey"',
	'2026-11-21 10:00:05.123 UTC [88] ERROR:  duplicate key value violates unique constraint "orders_pkey"',
	'2026-11-21 10:00:00 CST [71-1] app@shop ERROR:  duplicate key value violates unique constraint "users_pkey"',
	'[71] ERROR:  duplicate key value violates unique constraint "x"',
);
error(
	'pg-deadlock',
	'error',
	'2026-11-21 10:00:00.123 UTC [71] ERROR:  deadlock detected',
	'2026-11-21 10:00:00.123 UTC [9] app@db ERROR:  deadlock detected',
);
error(
	'pg-auth',
	'fatal',
	'2026-11-21 10:00:00.123 UTC [71] FATAL:  password authentication failed for user "app"',
	'2026-11-21 10:00:00.123 UTC [72] FATAL:  password authentication failed for user "root"',
);
error(
	'pg-slots',
	'fatal',
	'2026-11-21 10:00:00.123 UTC [71] FATAL:  sorry, too many clients already',
	'2026-11-21 10:00:00.123 GMT [171] FATAL:  sorry, too many clients already',
);
error(
	'pg-relation',
	'error',
	'2026-11-21 10:00:00.123 UTC [71] ERROR:  relation "users" does not exist at character 15',
	'2026-11-21 10:00:00.123 UTC [71] ERROR:  relation "orders" does not exist at character 1044',
);
error(
	'pg-panic',
	'fatal',
	'2026-11-21 10:00:00.123 UTC [1] PANIC:  could not write to file "pg_wal/xlogtemp.71": No space left on device',
	'2026-11-21 10:00:00.123 UTC [1] PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device',
);
error(
	'pg-warning',
	'warning',
	'2026-11-21 10:00:00.123 UTC [71] WARNING:  there is already a transaction in progress',
	'2026-11-21 10:00:07.123 UTC [71] WARNING:  there is already a transaction in progress',
);
error(
	'pg-zh',
	'error',
	'2026-11-21 10:00:00.123 CST [71] 错误:  关系 "users" 不存在',
	'2026-11-21 10:00:00.123 CST [72] 错误:  关系 "orders" 不存在',
);
error(
	'quiet',
	'info',
	'2026-11-21 10:00:00.123 UTC [1] LOG:  database system is ready to accept connections',
	'2026-11-21 10:00:00.123 UTC [27] LOG:  checkpoint complete: wrote 3 buffers (0.0%); 0 WAL file(s) added',
	'2026-11-21 10:00:00.123 UTC [27] LOG:  could not receive data from client: Connection reset by peer',
);
// Redis.
error(
	'redis-misconf',
	'error',
	'1:M 21 Nov 2026 10:00:00.123 # Background saving error',
	'1:M 21 Nov 2026 10:06:00.123 # Background saving error',
);
error(
	'redis-overcommit',
	'warning',
	'1:M 21 Nov 2026 10:00:00.123 # WARNING Memory overcommit must be enabled!',
	'7:M 21 Nov 2026 11:00:00.123 # WARNING Memory overcommit must be enabled!',
);
error(
	'redis-rdb',
	'error',
	'1:C 21 Nov 2026 10:00:00.123 # Failed opening the temp RDB file temp-81.rdb (in server root dir /data) for saving: Permission denied',
	'1:C 21 Nov 2026 10:00:00.123 # Failed opening the temp RDB file temp-92.rdb (in server root dir /data) for saving: Permission denied',
);
error(
	'redis-link',
	'error',
	'1:S 21 Nov 2026 10:00:00.123 # Error condition on socket for SYNC: Connection refused',
	'1:S 21 Nov 2026 10:00:01.123 # Error condition on socket for SYNC: Connection refused',
);
error(
	'redis-crash',
	'fatal',
	'1:M 21 Nov 2026 10:00:00.123 # Redis 7.0.15 crashed by signal: 11, si_code: 1',
	'9:M 21 Nov 2026 10:00:00.123 # Redis 7.0.15 crashed by signal: 11, si_code: 1',
);
error(
	'quiet',
	'info',
	'1:M 21 Nov 2026 10:00:00.123 * Ready to accept connections',
	'1:C 21 Nov 2026 10:00:00.123 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
	'1:M 21 Nov 2026 10:00:00.123 - 1 clients connected',
	'1:M 21 Nov 2026 10:00:00.123 # Server initialized',
	'1:M 21 Nov 2026 10:00:00.123 # User requested shutdown...',
);
// logfmt, Go, Java, Node, klog, syslog.
error(
	'logfmt',
	'error',
	'time="2026-11-21T10:00:00Z" level=error msg="cannot reach 10.0.0.5:9090" err="dial tcp: i/o timeout"',
	'time="2026-11-21T10:00:01Z" level=error msg="cannot reach 10.0.0.6:9090" err="dial tcp: i/o timeout"',
	'ts=2026-11-21T10:00:01.123Z lvl=error msg="cannot reach 10.9.9.6:9090" err="dial tcp: i/o timeout"',
);
error(
	'logfmt-warn',
	'warning',
	'level=warn ts=2026-11-21T10:00:00.1Z caller=scrape.go:12 msg="Append failed" series=17',
	'level=warn ts=2026-11-21T10:00:04.1Z caller=scrape.go:12 msg="Append failed" series=190',
);
error(
	'java',
	'error',
	'2026-11-21 10:00:00.123 ERROR 1 --- [nio-8080-exec-1] c.e.shop.OrderController : Order 17 could not be saved',
	'2026-11-21 10:00:00.123 ERROR 1 --- [nio-8080-exec-12] c.e.shop.OrderController : Order 18 could not be saved',
);
error(
	'java-bare',
	'error',
	'Exception in thread "main" java.lang.IllegalStateException: pool 7 is closed',
	'Exception in thread "pool-2-thread-3" java.lang.IllegalStateException: pool 11 is closed',
);
error(
	'node-type',
	'error',
	"TypeError: Cannot read properties of undefined (reading 'id')",
	"TypeError: Cannot read properties of undefined (reading 'name')",
);
error(
	'node-refused',
	'error',
	'Error: connect ECONNREFUSED 127.0.0.1:5432',
	'Error: connect ECONNREFUSED 172.18.0.3:5432',
);
error(
	'node-rejection',
	'error',
	'UnhandledPromiseRejectionWarning: Error: boom 1',
	'UnhandledPromiseRejectionWarning: Error: boom 22',
);
error(
	'go-panic',
	'fatal',
	'panic: runtime error: index out of range [5] with length 3',
	'panic: runtime error: index out of range [9] with length 1',
);
error(
	'klog',
	'error',
	'E1121 10:00:00.123456       1 reflector.go:138] Failed to watch pods: timeout after 30s',
	'E1121 10:00:09.123456       7 reflector.go:138] Failed to watch pods: timeout after 45s',
);
error(
	'zap-console',
	'error',
	'2026-11-21T10:00:00.123Z\tERROR\tapi/server.go:88\trequest failed id=abc1',
	'2026-11-21T10:00:00.523Z\tERROR\tapi/server.go:88\trequest failed id=zz9',
);
error(
	'bracket',
	'error',
	'[ERROR] job 17 crashed',
	'[error] job 18 crashed',
	'[ERROR] job 19 crashed',
);
error('hex', 'error', 'ERROR: bad pointer 0x7ffe12ab90', 'ERROR: bad pointer 0x55aa');
error(
	'uuid',
	'error',
	'ERROR session 5b1e0c3e-0f4e-4f5e-9a51-1f1a8f3c0b11 expired',
	'ERROR session 00000000-0f4e-4f5e-9a51-1f1a8f3c0b11 expired',
);
error('ipv6', 'error', 'ERROR no route to [2001:db8::1]:443', 'ERROR no route to [fe80::12ab]:80');
error('list', 'error', 'ERROR missing shards 1, 2, 3', 'ERROR missing shards 1, 9');
error(
	'hash',
	'error',
	'ERROR commit 4f5e9a51aa is unknown',
	'ERROR commit 9a514f5ebb12 is unknown',
);
error('code', 'error', 'ERROR process ended, exit code 137', 'ERROR process ended, exit code 137');
error('code-1', 'error', 'ERROR process ended, exit code 1', 'ERROR process ended, exit code 1');
error('kv', 'warning', 'WARN queue=mail is full', 'WARN queue=push is full');
error(
	'oom',
	'error',
	'Out of memory: Killed process 4411 (python3)',
	'Out of memory: Killed process 99 (python3)',
);
error(
	'syslog',
	'error',
	'Nov 21 10:00:00 web1 app[81]: error: cannot fork',
	'Nov 21 10:03:00 web1 app[99]: error: cannot fork',
);
error(
	'colour',
	'error',
	'\u001b[31mERROR\u001b[0m: build 12 broke',
	'\u001b[31mERROR\u001b[0m: build 13 broke',
);
error(
	'duration',
	'warning',
	'WARN slow request took 12.5ms',
	'WARN slow request took 3s',
	'WARN slow request took 1 minute',
);
error('size', 'warning', 'WARN heap is 512 MB', 'WARN heap is 1.5GiB');
// Chinese.
error(
	'zh-login',
	'error',
	'2026-11-21 10:00:00 [错误] 用户 12345 登录失败',
	'2026-11-21 10:00:01 [错误] 用户 99 登录失败',
);
error(
	'zh-db',
	'error',
	'错误：数据库连接失败，地址 10.0.0.5:5432',
	'错误：数据库连接失败，地址 10.0.0.99:5433',
);
error('zh-warn', 'warning', '警告：磁盘使用率 85%', '警告：磁盘使用率 91.5%');
error(
	'zh-warn-bracket',
	'warning',
	'【警告】队列 mail_1 积压 300 条',
	'【警告】队列 mail_2 积压 12000 条',
);
error('zh-fatal', 'fatal', '[严重] 服务停止，耗时 3.2秒', '[严重] 服务停止，耗时 10秒');
error(
	'zh-quoted',
	'error',
	'2026-11-21 10:00:00,123 - app - ERROR - 模型“英超”预测失败',
	'2026-11-21 10:00:00,123 - app - ERROR - 模型“西甲”预测失败',
);
error(
	'zh-time',
	'error',
	'ERROR 任务在 2026年11月21日 10时20分 超时',
	'ERROR 任务在 2026年1月2日 3时05分 超时',
);
error('zh-plain', 'error', '订单 1001 支付失败', '订单 77 支付失败');
error('zh-title', 'error', 'ERROR 找不到《赛事数据》', 'ERROR 找不到《球队名单》');
error(
	'quiet',
	'info',
	'信息：启动完成',
	'2026-11-21 10:00:00 INFO 没有错误',
	'任务完成，失败数 0',
	'2026-11-21 10:00:00 INFO 连接失败后已恢复',
);

export {samples};
