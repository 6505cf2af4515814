<?php

declare(strict_types=1);

// For a project without Composer: require this file.
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Seribu\\')) {
        require __DIR__ . '/src/' . strtr(substr($class, 7), '\\', '/') . '.php';
    }
});
