<?php

declare(strict_types=1);

namespace Seribu;

/** The place in the feed is older than it remembers: take a new one from startOfChanges(), then export anew. */
final class CursorExpired extends Problem
{
}
