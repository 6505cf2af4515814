<?php

declare(strict_types=1);

namespace Seribu;

/** Keeps the access token in a file between requests and processes; any PSR-16 cache does as well. */
final class FileCache
{
    public function __construct(private readonly string $file)
    {
    }

    public function get(string $key): mixed
    {
        $kept = is_file($this->file) ? json_decode((string) file_get_contents($this->file), true) : null;

        return $kept[$key] ?? null;
    }

    public function set(string $key, mixed $value, ?int $ttl = null): bool
    {
        // Put in place whole, so that nobody reads the half of it; for nobody else to read.
        $new = tempnam(dirname($this->file), 'seribu');

        return file_put_contents($new, json_encode([$key => $value], JSON_THROW_ON_ERROR)) !== false
            && chmod($new, 0600)
            && rename($new, $this->file);
    }
}
