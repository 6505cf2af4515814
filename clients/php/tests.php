<?php

// What the client does when things go wrong, against a server of this file that fails as it is told to.

declare(strict_types=1);

require __DIR__ . '/autoload.php';

use Seribu\{Client, ConnectionLost, CursorExpired, FileCache, InvalidSignature, Problem, Webhook};

if (PHP_SAPI === 'cli-server') {
    $asked = file_exists($log = getenv('ASKED')) ? file($log) : [];
    $path = strtok($_SERVER['REQUEST_URI'], '?');
    $before = count(array_filter($asked, static fn (string $line): bool => str_starts_with($line, "$path ")));
    $key = $_SERVER['HTTP_IDEMPOTENCY_KEY'] ?? '';
    file_put_contents($log, "$path $key {$_SERVER['HTTP_AUTHORIZATION']}\n", FILE_APPEND);
    $body = file_get_contents('php://input');
    $say = static function (int $status, mixed $body, string ...$headers): void {
        http_response_code($status);
        array_map(header(...), $headers);
        echo is_string($body) ? $body : json_encode($body);
    };
    $row = static fn (?int $line): string => json_encode(['line' => $line, 'result' => 'created']) . "\n";
    $end = static fn (bool $complete, mixed $problem): string =>
        json_encode(['summary' => [], 'complete' => $complete, 'problem' => $problem]) . "\n";
    match ($path) {
        '/v1/auth/token' => $say(200, ['access_token' => "token$before", 'expires_in' => 900]),
        '/v1/busy' => $before < 2 ? $say(503, [], 'Retry-After: 0') : $say(201, ['body' => $body]),
        '/v1/running' => $before < 1 ? $say(409, ['should_retry' => true], 'Retry-After: 1') : $say(200, ['id' => 1]),
        '/v1/cut' => $before < 1 ? $say(201, '{"id"', 'Content-Length: 99') : $say(201, ['id' => 1]),
        '/v1/busy-for-long' => $say(429, ['title' => 'Later'], 'Retry-After: 3600'),
        '/v1/revoked' => $say($before < 1 ? 401 : 200, []),
        '/v1/changes' => $say(410, ['restart' => '/v1/changes/start']),
        '/v1/exports/mentors' => $say(200, "{}\n", 'Content-Length: 99'),
        '/v1/sync/mentors' => match ($before) {
            0 => $say(200, $row(2) . $row(3) . '{"li', 'Content-Length: 999'),
            1 => $say(200, $row(2) . $row(3) . $end(false, ['should_retry' => true])),
            default => $say(200, $row(2) . $row(3) . $row(4) . $row(null) . $end(true, $body)),
        },
        '/v1/sync/businesses' => $say(200, $row(2) . $end(false, ['detail' => 'The disk is full'])),
    };

    return;
}

function expect(bool $holds, string $rule): void
{
    if (!$holds) {
        echo "failed: $rule\n";
        exit(1);
    }
    echo "ok $rule\n";
}

function thrown(callable $does): ?Throwable
{
    try {
        $does();
    } catch (Throwable $thrown) {
        return $thrown;
    }

    return null;
}

$folder = sys_get_temp_dir() . '/seribu-' . bin2hex(random_bytes(5));
mkdir($folder);
$port = explode(':', stream_socket_get_name(stream_socket_server('tcp://127.0.0.1:0'), false))[1];
$server = proc_open(
    [PHP_BINARY, '-S', "127.0.0.1:$port", __FILE__],
    [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
    $pipes,
    null,
    ['ASKED' => "$folder/asked"] + getenv(),
);
register_shutdown_function(static function () use ($server, $folder): void {
    proc_terminate($server);
    array_map(unlink(...), glob("$folder/*"));
    rmdir($folder);
});
for ($tries = 0; $tries < 100 && !@fsockopen('127.0.0.1', (int) $port); $tries++) {
    usleep(50_000);
}
$cache = new FileCache("$folder/token");
$client = static fn (): Client => new Client("http://127.0.0.1:$port", 'id', 'secret', cache: $cache);
$asked = static fn (string $path): array => array_values(preg_grep("~^$path ~", file("$folder/asked")));
$seribu = $client();

expect($seribu->post('/v1/busy', ['a' => 1])['body'] === '{"a":1}', 'what is unavailable is asked for again');
expect(count($asked('/v1/busy')) === 3 && count(array_unique($asked('/v1/busy'))) === 1, 'with the same key');
expect($seribu->post('/v1/running', [])['id'] === 1, 'a first request that still runs is waited for');
expect($seribu->post('/v1/cut', [])['id'] === 1, 'so is an answer that is cut');
expect(thrown(fn () => $seribu->get('/v1/busy-for-long'))->retryAfter() === 3600.0, 'an hour is not waited');

$client()->get('/v1/running');
expect(count($asked('/v1/auth/token')) === 1, 'a token is kept for other processes');
expect(fileperms("$folder/token") % 01000 === 0600, 'for nobody else to read');
$seribu->get('/v1/revoked');
expect(str_contains($asked('/v1/revoked')[1], 'token1'), 'a refused one is replaced once');

expect(thrown(fn () => $seribu->changes('old')->current()) instanceof CursorExpired, 'a cursor too old is named');
$export = thrown(fn () => $seribu->export('mentors', fopen('php://temp', 'w')));
expect($export instanceof ConnectionLost, 'half an export is none');

file_put_contents("$folder/file.csv", "external_id\n");
$rows = $seribu->sync('mentors', "$folder/file.csv");
expect(array_column(iterator_to_array($rows, false), 'line') === [2, 3, 4, null], 'a sync goes on where it broke off');
expect($rows->getReturn()['problem'] === "external_id\n", 'and sends the same file');
expect(count($asked('/v1/sync/mentors')) === 3 && count(array_unique($asked('/v1/sync/mentors'))) === 1, 'by the same key');
$stopped = thrown(fn () => iterator_to_array($seribu->sync('businesses', "$folder/file.csv")));
expect($stopped->getMessage() === 'The disk is full', 'why it stopped is told');

$flaws = [['pointer' => '/email', 'detail' => 'is wrong'], ['parameter' => 'limit', 'detail' => 'is too large']];
$problem = new Problem(422, ['type' => '/problems/invalid', 'detail' => 'Mend it', 'errors' => $flaws]);
expect($problem->flaws() === ['/email' => 'is wrong', 'limit' => 'is too large'], 'flaws say where');
expect($problem->getMessage() === 'Mend it: /email is wrong; limit is too large', 'a problem can be shown');

// The example of the specification's own libraries.
$webhook = new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
$body = '{"test": 2432232314}';
$headers = [
    'Webhook-Id' => 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp' => '1614265330',
    'webhook-signature' => ['v1,AAAA', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
];
$refused = static fn (string $body, array $headers, int $now = 1614265330): bool =>
    thrown(fn () => $webhook->verify($body, $headers, now: $now)) instanceof InvalidSignature;
expect($webhook->verify($body, $headers, now: 1614265630)['test'] === 2432232314, 'one signature is enough');
expect($refused("$body ", $headers), 'a changed message is refused');
expect($refused($body, $headers, 1614265631) && $refused($body, $headers, 1614265029), 'one from another time');
expect($refused($body, ['webhook-id' => 'msg_other'] + array_change_key_case($headers)), 'another name');
$other = str_replace('v1,', 'v1a,', $headers['webhook-signature']);
expect($refused($body, ['webhook-signature' => $other] + $headers), 'another kind');
expect($refused($body, []), 'none at all');
