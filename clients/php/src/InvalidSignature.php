<?php

declare(strict_types=1);

namespace Seribu;

/** The message is not from the service, or too old: answer it with 400 and do nothing else. */
final class InvalidSignature extends \RuntimeException
{
}
