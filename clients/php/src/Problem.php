<?php

declare(strict_types=1);

namespace Seribu;

/** What the service refused, and why (RFC 9457). The message is fit to be shown to the person who typed it. */
class Problem extends \RuntimeException
{
    /** @param array<string, mixed> $document all that it said; for instance `possible`, `duplicate_of`, `blocked_by` */
    final public function __construct(
        public readonly int $status,
        public readonly array $document,
        private readonly ?string $retryAfter = null,
    ) {
        $flaws = array_map(
            static fn (array $flaw): string => sprintf('%s %s', self::place($flaw), $flaw['detail'] ?? ''),
            $document['errors'] ?? [],
        );
        $said = $document['detail'] ?? $document['title'] ?? "HTTP $status";
        parent::__construct($flaws === [] ? $said : "$said: " . implode('; ', $flaws), $status);
    }

    public static function of(Answer $answer): self
    {
        $document = json_decode($answer->text(), true);
        $document = is_array($document) ? $document : ['title' => "HTTP $answer->status"];
        $class = $answer->status === 410 && isset($document['restart']) ? CursorExpired::class : self::class;

        return new $class($answer->status, $document, $answer->header('Retry-After'));
    }

    /** The kind to branch on: `invalid`, `stale`, `not-possible` … `/problems/{kind}` of the service explains it. */
    public function kind(): string
    {
        return basename($this->document['type'] ?? '');
    }

    /** Names the request in the service's logs. */
    public function requestId(): ?string
    {
        return $this->document['request_id'] ?? null;
    }

    /**
     * What is wrong with the input, by where: a JSON pointer into the body, or the name of a parameter or header.
     *
     * @return array<string, string>
     */
    public function flaws(): array
    {
        $flaws = $this->document['errors'] ?? [];

        return array_combine(array_map(self::place(...), $flaws), array_column($flaws, 'detail'));
    }

    /** Whether the same request can succeed later. */
    public function isTemporary(): bool
    {
        return in_array($this->status, [429, 502, 503, 504], true) || ($this->document['should_retry'] ?? false);
    }

    /** How many seconds the service asks to wait. */
    public function retryAfter(): float
    {
        $at = $this->retryAfter ?? '0';

        return max(0.0, is_numeric($at) ? (float) $at : (float) strtotime($at) - time());
    }

    /** @param array<string, string> $flaw */
    private static function place(array $flaw): string
    {
        return $flaw['pointer'] ?? $flaw['parameter'] ?? $flaw['header'] ?? '';
    }
}
