<?php

declare(strict_types=1);

namespace Seribu;

/** Sends requests by curl and reads the answers as they come; keeps connections open for the next. */
final class Transport
{
    /** @var list<\CurlHandle> */
    private array $idle = [];

    /**
     * @param array<string, string> $headers
     * @param string|resource|null $body
     */
    public function send(string $method, string $url, array $headers, mixed $body): Answer
    {
        $handle = array_pop($this->idle) ?? curl_init();
        [$status, $received] = [0, []];
        curl_reset($handle);
        curl_setopt_array($handle, [
            CURLOPT_URL => $url,
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => array_map(
                static fn (string $name, string $value): string => "$name: $value",
                array_keys($headers),
                $headers,
            ),
            CURLOPT_ENCODING => '',
            // A merged record is read at its new address; what is written goes nowhere else.
            CURLOPT_FOLLOWLOCATION => $method === 'GET',
            CURLOPT_MAXREDIRS => 3,
            CURLOPT_CONNECTTIMEOUT => 10,
            // Longer than the feed of changes waits, and than a file takes that is stored all or nothing.
            CURLOPT_LOW_SPEED_LIMIT => 1,
            CURLOPT_LOW_SPEED_TIME => 120,
            CURLOPT_HEADERFUNCTION => static function ($_, string $line) use (&$status, &$received): int {
                if (preg_match('~^HTTP/\S+ (\d+)~', $line, $found)) {
                    [$status, $received] = [(int) $found[1], []];
                } elseif (str_contains($line, ':')) {
                    [$name, $value] = explode(':', $line, 2);
                    $received[strtolower($name)] = trim($value);
                }

                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => static function ($_, string $chunk): int {
                \Fiber::suspend($chunk);

                return strlen($chunk);
            },
        ]);
        if (is_resource($body)) {
            rewind($body);
            curl_setopt_array($handle, [
                CURLOPT_UPLOAD => true,
                CURLOPT_INFILESIZE => fstat($body)['size'] ?? -1,
                CURLOPT_READFUNCTION => static fn ($_, $__, int $most): string => (string) fread($body, $most),
            ]);
        } elseif ($body !== null) {
            curl_setopt($handle, CURLOPT_POSTFIELDS, $body);
        }
        // Curl runs in a fiber, which rests each time that a piece of the body has come.
        $running = new \Fiber(static function () use ($handle): void {
            curl_exec($handle) || throw new ConnectionLost(curl_error($handle));
        });
        $first = $running->start();

        return new Answer($status, $received, $this->chunks($handle, $running, $first));
    }

    /**
     * @param \Fiber<mixed, mixed, mixed, ?string> $running
     * @return \Generator<string>
     */
    private function chunks(\CurlHandle $handle, \Fiber $running, ?string $chunk): \Generator
    {
        while (!$running->isTerminated()) {
            yield $chunk;
            $chunk = $running->resume();
        }
        $this->idle[] = $handle;
    }
}
