<?php

declare(strict_types=1);

namespace Seribu;

/**
 * A client of Seribu. Whatever fails for a moment is tried again, writes with the same Idempotency-Key, so that
 * nothing is done twice. What the service refuses is thrown as a Problem.
 */
final class Client
{
    private const ATTEMPTS = 6;
    private const LONGEST_WAIT = 120.0;

    private readonly string $url;
    private readonly Transport $transport;
    /** @var array{access_token: string, expires_at: int}|null */
    private ?array $token = null;

    /**
     * @param string $url of the service, without `/v1`
     * @param string $language of messages: `id` or `en`
     * @param ?object $cache keeps the access token: a FileCache, or any PSR-16 cache
     */
    public function __construct(
        string $url,
        private readonly string $clientId,
        #[\SensitiveParameter] private readonly string $clientSecret,
        private readonly string $language = 'id',
        private readonly ?object $cache = null,
    ) {
        $this->url = rtrim($url, '/');
        $this->transport = new Transport();
    }

    /** For a person who has logged in, by his access token. */
    public static function withToken(string $url, #[\SensitiveParameter] string $token, string $language = 'id'): self
    {
        $client = new self($url, '', '', $language);
        $client->token = ['access_token' => $token, 'expires_at' => PHP_INT_MAX];

        return $client;
    }

    /** For a write that is to survive the process: keep it, and send the write again with it. */
    public static function newKey(): string
    {
        return bin2hex(random_bytes(16));
    }

    /**
     * @param array<string, mixed> $query
     * @return array<string, mixed>
     */
    public function get(string $path, array $query = []): array
    {
        return $this->request('GET', $path, query: $query)->json();
    }

    /**
     * @param array<string, mixed> $fields
     * @return array<string, mixed>
     */
    public function post(string $path, array $fields, ?string $key = null): array
    {
        return $this->request('POST', $path, $fields, key: $key)->json();
    }

    /**
     * Registers or changes the record that your system knows by an id.
     *
     * @param array<string, mixed> $fields
     * @return array<string, mixed>
     */
    public function put(string $path, array $fields, ?string $key = null): array
    {
        return $this->request('PUT', $path, $fields, key: $key)->json();
    }

    /**
     * Changes some fields of the record whose ETag was read; a Problem with status 412 when it has changed since.
     *
     * @param array<string, mixed> $fields
     * @return array<string, mixed>
     */
    public function patch(string $path, array $fields, string $etag, ?string $key = null): array
    {
        return $this->request('PATCH', $path, $fields, headers: ['If-Match' => $etag], key: $key)->json();
    }

    /**
     * Moves a record through its lifecycle; the record as it is then.
     *
     * @param array<string, mixed> $fields that the action needs or takes
     * @return array<string, mixed>
     */
    public function act(string $path, string $action, array $fields = [], ?string $key = null): array
    {
        return $this->post("$path/transitions", ['action' => $action] + $fields, $key);
    }

    /**
     * Each record of a list, page after page.
     *
     * @param array<string, mixed> $query
     * @return \Generator<array<string, mixed>>
     */
    public function all(string $path, array $query = []): \Generator
    {
        $query += ['limit' => 200];
        do {
            $page = $this->get($path, $query);
            foreach ($page['data'] as $record) {
                yield $record;
            }
            $query['cursor'] = $page['next_cursor'];
        } while ($query['cursor'] !== null);
    }

    /**
     * A place in the feed from which to follow: take it before you fetch what there is.
     *
     * @param list<string> $types of events or records
     */
    public function startOfChanges(array $types = []): string
    {
        return $this->get('/v1/changes/start', ['types' => $types])['cursor'];
    }

    /**
     * What changed, page by page: each with the cursor from which to go on, to be kept with what the events did to
     * your copy. Ends when there is no more; with `wait` (up to 30 seconds) never, and a page without events comes
     * now and then.
     *
     * @param list<string> $types the same as of the cursor
     * @return \Generator<string, list<array<string, mixed>>>
     * @throws CursorExpired when the cursor is older than ninety days
     */
    public function changes(?string $after = null, array $types = [], int $wait = 0): \Generator
    {
        do {
            $page = $this->get('/v1/changes', ['after' => $after, 'types' => $types, 'wait' => $wait]);
            $after = $page['next_cursor'];
            yield $after => $page['data'];
        } while ($wait > 0 || $page['has_more']);
    }

    /**
     * Brings a file into step: a result for each row as soon as it is stored; getReturn() is the last line, with the
     * summary. What broke off is asked for again, and goes on after the row that came last.
     *
     * @param string|resource $file a path, or a stream that can be rewound
     * @return \Generator<int, array<string, mixed>, void, array<string, mixed>>
     * @throws Problem also when it stops at a row; what came before is done, unless `atomic`
     */
    public function sync(
        string $resource,
        mixed $file,
        string $mode = 'upsert',
        bool $dryRun = false,
        bool $atomic = false,
        ?int $allowRemovals = null,
        string $contentType = 'text/csv',
        ?string $key = null,
    ): \Generator {
        $file = is_string($file) ? (fopen($file, 'rb') ?: throw new \RuntimeException("$file cannot be read")) : $file;
        $query = ['mode' => $mode, 'dry_run' => $dryRun, 'atomic' => $atomic, 'allow_removals' => $allowRemovals];
        $headers = ['Content-Type' => $contentType, 'Idempotency-Key' => $key ?? self::newKey()];
        $done = 0;
        for ($attempt = 1;; $attempt++) {
            $lost = new ConnectionLost('The answer ended before its summary');
            try {
                $answer = $this->open('POST', "/v1/sync/$resource", $query, $headers, $file);
                foreach ($answer->records() as $number => $row) {
                    if ($row['complete'] ?? false) {
                        return $row;
                    } elseif (isset($row['summary'])) {
                        $lost = new Problem($row['problem']['status'] ?? 500, $row['problem'] ?? []);
                    } elseif ($number === $done) {
                        $done++;
                        yield $row;
                    }
                }
            } catch (ConnectionLost $lost) {
            }
            if ($lost instanceof Problem && !$lost->isTemporary()) {
                throw $lost;
            }
            self::pause($attempt, $lost);
        }
    }

    /**
     * Writes all records of a kind that you may read to a stream, as NDJSON or, with `format`, as a table; the number
     * of bytes. When it throws, the stream does not have all of them.
     *
     * @param resource $to
     * @param array<string, mixed> $query
     */
    public function export(string $resource, mixed $to, array $query = []): int
    {
        $bytes = 0;
        foreach ($this->open('GET', "/v1/exports/$resource", $query)->chunks() as $chunk) {
            $written = fwrite($to, $chunk);
            if ($written !== strlen($chunk)) {
                throw new \RuntimeException('The export could not be written');
            }
            $bytes += $written;
        }

        return $bytes;
    }

    /**
     * Any request; writes with a key of their own where none is given.
     *
     * @param array<string, mixed>|null $fields sent as JSON
     * @param array<string, mixed> $query lists are joined by commas, what is null is left out
     * @param array<string, string> $headers
     */
    public function request(
        string $method,
        string $path,
        ?array $fields = null,
        array $query = [],
        array $headers = [],
        ?string $key = null,
    ): Answer {
        if ($method !== 'GET') {
            $headers['Idempotency-Key'] = $key ?? self::newKey();
        }
        if ($fields !== null) {
            $headers += ['Content-Type' => $method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'];
            $fields = json_encode((object) $fields, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        }

        return $this->retried(function () use ($method, $path, $fields, $query, $headers): Answer {
            $answer = $this->authorized($method, $path, $query, $headers, $fields);
            // Here, so that one that breaks off is asked for again.
            $answer->text();

            return $answer;
        });
    }

    /**
     * The same without reading the answer, which may be long.
     *
     * @param array<string, mixed> $query
     * @param array<string, string> $headers
     * @param resource|null $body
     */
    private function open(string $method, string $path, array $query, array $headers = [], mixed $body = null): Answer
    {
        return $this->retried(fn (): Answer => $this->authorized($method, $path, $query, $headers, $body));
    }

    /** @param \Closure(): Answer $ask */
    private function retried(\Closure $ask): Answer
    {
        $renewed = $this->clientId === '';
        for ($attempt = 1;; $attempt++) {
            try {
                return $ask();
            } catch (Problem $problem) {
                if ($problem->status === 401 && $this->token !== null && !$renewed) {
                    $renewed = true;
                    $this->keep(null, 1);
                } elseif ($problem->isTemporary()) {
                    self::pause($attempt, $problem);
                } else {
                    throw $problem;
                }
            } catch (ConnectionLost $lost) {
                self::pause($attempt, $lost);
            }
        }
    }

    /**
     * @param array<string, mixed> $query
     * @param array<string, string> $headers
     * @param string|resource|null $body
     */
    private function authorized(string $method, string $path, array $query, array $headers, mixed $body): Answer
    {
        $values = array_map(static fn (mixed $value): mixed => match (true) {
            is_bool($value) => $value ? 'true' : 'false',
            is_array($value) => $value === [] ? null : implode(',', $value),
            default => $value,
        }, $query);
        $query = http_build_query($values, '', '&', PHP_QUERY_RFC3986);
        $headers['Authorization'] = 'Bearer ' . $this->accessToken();

        return $this->send($method, $query === '' ? $path : "$path?$query", $headers, $body);
    }

    private function accessToken(): string
    {
        $this->token ??= $this->cache?->get($this->nameOfToken());
        if ($this->token === null || $this->token['expires_at'] <= time()) {
            $granted = $this->send('POST', '/v1/auth/token', [], http_build_query([
                'grant_type' => 'client_credentials',
                'client_id' => $this->clientId,
                'client_secret' => $this->clientSecret,
            ]))->json();
            // A minute early: a request under way is to arrive before its end.
            $left = max($granted['expires_in'] - 60, 1);
            $this->keep(['access_token' => $granted['access_token'], 'expires_at' => time() + $left], $left);
        }

        return $this->token['access_token'];
    }

    /** @param array{access_token: string, expires_at: int}|null $token */
    private function keep(?array $token, int $seconds): void
    {
        $this->token = $token;
        $this->cache?->set($this->nameOfToken(), $token, $seconds);
    }

    private function nameOfToken(): string
    {
        return 'seribu_token_' . hash('sha256', "$this->url $this->clientId");
    }

    /**
     * @param array<string, string> $headers
     * @param string|resource|null $body
     */
    private function send(string $method, string $path, array $headers, mixed $body): Answer
    {
        $headers += ['Accept-Language' => $this->language];
        $answer = $this->transport->send($method, $this->url . $path, $headers, $body);

        return $answer->status < 300 || $answer->status === 304 ? $answer : throw Problem::of($answer);
    }

    /** Waits as long as asked, and twice as long each time; by chance more or less, so that not all return at once. */
    private static function pause(int $attempt, Problem|ConnectionLost $failure): void
    {
        $asked = $failure instanceof Problem ? $failure->retryAfter() : 0.0;
        if ($attempt >= self::ATTEMPTS || $asked > self::LONGEST_WAIT) {
            throw $failure;
        }
        usleep((int) (1e6 * ($asked + 0.25 * 2 ** $attempt * random_int(500, 1000) / 1000)));
    }
}
