<?php

// The twelve steps of ../README.md, by this client: SERIBU_URL, SERIBU_PILOT_CREDENTIALS (its file of log-ins) and
// SERIBU_CUTTING_PROXY (the address that ../cutting_proxy.py prints) come from the environment.

declare(strict_types=1);

require __DIR__ . '/autoload.php';

use Seribu\{Client, InvalidSignature, Problem, Transport, Webhook};

final class Skipped extends Exception
{
}

function step(string $name, callable $does): void
{
    static $number = 0;
    $number++;
    try {
        $does();
        echo "ok $number $name\n";
    } catch (Skipped $why) {
        echo "skipped: $number $name: {$why->getMessage()}\n";
    } catch (Throwable $failure) {
        echo "failed: $number $name: {$failure->getMessage()} (line {$failure->getLine()})\n";
        exit(1);
    }
}

function expect(bool $holds, mixed $found = null): void
{
    if (!$holds) {
        throw new Exception('not as expected: ' . json_encode($found));
    }
}

function refused(int $status, callable $does): Problem
{
    try {
        $does();
    } catch (Problem $problem) {
        expect($problem->status === $status, $problem->document);

        return $problem;
    }
    throw new Exception("not refused with $status");
}

/** The types of a record's events that come after a cursor, once one of them is there. */
function told(Client $client, string &$cursor, string $id, string $last): array
{
    $types = [];
    foreach ($client->changes($cursor, ['mentor'], wait: 5) as $cursor => $events) {
        foreach ($events as $event) {
            if ($event['subject_id'] === $id) {
                $types[] = $event['type'];
            }
        }
        if (in_array($last, $types, true)) {
            return $types;
        }
        expect($events !== [], $types);
    }
}

$url = getenv('SERIBU_URL') ?: 'http://127.0.0.1:8080';
$known = json_decode(file_get_contents(getenv('SERIBU_PILOT_CREDENTIALS') ?: 'data/pilot-credentials.json'), true);
$of = static fn (string $kind, string $role): array =>
    array_values(array_filter($known[$kind], static fn (array $one): bool => $one['role'] === $role))[0];
['client_id' => $id, 'client_secret' => $secret] = $of('clients', 'institution');
$university = new Client($url, $id, $secret, 'en');
$transport = new Transport();
$run = bin2hex(random_bytes(5));
$fields = [
    'kind' => 'academic',
    'full_name' => "Kontrak $run",
    'email' => "$run@kampus.example",
    'expertise' => ['legal'],
];

step('log in', function () use (&$programme, &$cursor, $university, $url, $id, $of, $transport): void {
    expect($university->get('/v1/me')['role'] === 'institution');
    expect(refused(401, fn () => (new Client($url, $id, 'wrong'))->get('/v1/me'))->kind() === 'unknown-client');
    $login = json_encode(array_intersect_key($of('logins', 'programme'), ['email' => 1, 'password' => 1]));
    $answer = $transport->send('POST', "$url/v1/auth/login", ['Content-Type' => 'application/json'], $login);
    $programme = Client::withToken($url, $answer->json()['access_token'], 'en');
    $cursor = $university->startOfChanges(['mentor']);
});

step('page', function () use ($university): void {
    $ids = static fn (int $limit): array =>
        array_column(iterator_to_array($university->all('/v1/institutions', ['limit' => $limit])), 'id');
    expect(count($ids(2)) > 2 && $ids(2) === $ids(200), $ids(2));
});

step('create', function () use (&$mentor, $university, $fields): void {
    $made = $university->request('POST', '/v1/mentors', $fields);
    $mentor = $made->json();
    expect($made->status === 201 && $made->header('Location') === "/v1/mentors/{$mentor['id']}", $mentor);
    expect($university->get($made->header('Location'))['status'] === 'candidate');
});

step('retry after a cut', function () use ($id, $secret, $university, $fields, $run): void {
    $cut = new Client(getenv('SERIBU_CUTTING_PROXY'), $id, $secret, 'en');
    $other = ['full_name' => "Ulang $run", 'email' => "ulang.$run@kampus.example"] + $fields;
    $again = $cut->request('POST', '/v1/mentors', $other);
    expect($again->status === 201 && $again->isReplayed(), $again->headers);
    $found = iterator_to_array($university->all('/v1/mentors', ['q' => "Ulang $run"]));
    expect(array_column($found, 'id') === [$again->json()['id']], $found);
});

step('PATCH with a stale ETag', function () use (&$mentor, $university): void {
    $path = "/v1/mentors/{$mentor['id']}";
    $read = $university->request('GET', $path);
    expect($university->patch($path, ['titles' => 'S.H.'], $read->etag())['version'] === 2);
    $problem = refused(412, fn () => $university->patch($path, ['titles' => 'M.H.'], $read->etag()));
    expect($problem->kind() === 'stale' && $university->get($path)['titles'] === 'S.H.');
});

step('transition refused', function () use (&$mentor, $university): void {
    $path = "/v1/mentors/{$mentor['id']}";
    refused(403, fn () => $university->act($path, 'activate'));
    $activate = $university->get("$path/transitions")['available_actions'][0];
    expect($activate['action'] === 'activate' && $activate['why_not'] === 'not_permitted', $activate);
});

step('transition allowed', function () use (&$mentor, &$programme): void {
    $path = "/v1/mentors/{$mentor['id']}";
    expect($programme->act($path, 'activate')['status'] === 'active');
    $problem = refused(409, fn () => $programme->act($path, 'activate'));
    expect($problem->kind() === 'not-possible' && in_array('leave', $problem->document['possible'], true));
});

step('changes from a cursor', function () use (&$mentor, &$cursor, $university): void {
    $types = told($university, $cursor, $mentor['id'], 'mentor.active');
    expect($types === ['mentor.created', 'mentor.updated', 'mentor.active'], $types);
});

step('webhook received and verified', function () use ($university, $url, $transport): void {
    $document = $transport->send('GET', "$url/openapi.json", [], null)->json();
    if (!isset($document['paths']['/v1/webhooks'])) {
        throw new Skipped('the service has none');
    }
    $receiver = stream_socket_server('tcp://127.0.0.1:0');
    $here = 'http://' . stream_socket_get_name($receiver, false);
    $hook = ['url' => $here, 'types' => ['mentor.created'], 'payload' => 'thin'];
    try {
        $made = $university->post('/v1/webhooks', $hook);
    } catch (Problem $problem) {
        throw isset($problem->flaws()['/url']) ? new Skipped($problem->getMessage()) : $problem;
    }
    $university->post("/v1/webhooks/{$made['id']}/test", []);
    $connection = stream_socket_accept($receiver, 20) ?: throw new Exception('nothing came within 20 seconds');
    fgets($connection);
    for ($headers = []; ($line = trim(fgets($connection))) !== ''; $headers[$name] = trim($value)) {
        [$name, $value] = explode(':', $line, 2);
    }
    $body = stream_get_contents($connection, (int) array_change_key_case($headers)['content-length']);
    fwrite($connection, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    $webhook = new Webhook($made['secret']);
    expect(isset($webhook->verify($body, $headers)['type']), $body);
    try {
        $webhook->verify("$body ", $headers);
        throw new Exception('a changed message was believed');
    } catch (InvalidSignature) {
    }
    $etag = $university->request('GET', "/v1/webhooks/{$made['id']}")->etag();
    $university->request('DELETE', "/v1/webhooks/{$made['id']}", headers: ['If-Match' => $etag]);
});

step('export', function () use (&$mentor, $university): void {
    $file = tmpfile();
    expect($university->export('mentors', $file) === ftell($file));
    rewind($file);
    $copies = array_map('json_decode', explode("\n", trim(stream_get_contents($file))));
    $copy = array_column($copies, null, 'id')[$mentor['id']];
    expect($copy->version === 3 && $copy->titles === 'S.H.', $copy);
});

step('problem page', function () use ($university, $url, $transport, $fields): void {
    $wrong = ['email' => 'none', 'colour' => 'red'] + $fields;
    $problem = refused(422, fn () => $university->post('/v1/mentors', $wrong));
    expect(array_keys($problem->flaws()) === ['/email', '/colour'], $problem->document);
    $page = $transport->send('GET', $url . $problem->document['type'], [], null);
    expect($page->status === 200 && str_contains($page->text(), '<h1>'), $page->text());
});

step('ended record', function () use (&$mentor, &$programme, &$cursor, $university): void {
    $path = "/v1/mentors/{$mentor['id']}";
    expect($programme->act($path, 'end', ['reason_code' => 'affiliation_ended'])['status'] === 'ended');
    refused(409, fn () => $programme->act($path, 'activate'));
    expect($university->get($path)['status'] === 'ended');
    expect(told($university, $cursor, $mentor['id'], 'mentor.ended') === ['mentor.ended']);
});
