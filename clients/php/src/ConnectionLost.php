<?php

declare(strict_types=1);

namespace Seribu;

/** The service was not reached, or its answer broke off. A write may have been done: repeat it with the same key. */
final class ConnectionLost extends \RuntimeException
{
}
