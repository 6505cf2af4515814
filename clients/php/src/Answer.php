<?php

declare(strict_types=1);

namespace Seribu;

/** What the service answered; the body is read when it is asked for. */
final class Answer
{
    private ?string $text = null;

    /**
     * @param array<string, string> $headers by their names in lower case
     * @param \Generator<string> $chunks
     */
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        private readonly \Generator $chunks,
    ) {
    }

    public function header(string $name): ?string
    {
        return $this->headers[strtolower($name)] ?? null;
    }

    /** The version that was read, to change it with. */
    public function etag(): string
    {
        return $this->header('ETag') ?? '';
    }

    /** Whether this write had been done before, and its first answer came again. */
    public function isReplayed(): bool
    {
        return $this->header('Idempotent-Replayed') === 'true';
    }

    public function text(): string
    {
        return $this->text ??= implode('', iterator_to_array($this->chunks, false));
    }

    /** @return array<string, mixed> */
    public function json(): array
    {
        return json_decode($this->text(), true, 64, JSON_THROW_ON_ERROR);
    }

    /**
     * The body as it comes, once.
     *
     * @return \Generator<string>
     */
    public function chunks(): \Generator
    {
        return $this->chunks;
    }

    /**
     * A record for each line of NDJSON, once and as it comes. What is cut off in the middle of a line is no record.
     *
     * @return \Generator<array<string, mixed>>
     */
    public function records(): \Generator
    {
        $rest = '';
        foreach ($this->chunks as $chunk) {
            $lines = explode("\n", $rest . $chunk);
            $rest = array_pop($lines);
            foreach ($lines as $line) {
                yield json_decode($line, true, 64, JSON_THROW_ON_ERROR);
            }
        }
    }
}
