#!/usr/bin/env php
<?php

// Brings the lecturers of a university into step with a CSV file, and prints the rows that were refused.
//
//     sync_lecturers.php lecturers.csv [mode=snapshot] [dry_run=true] [allow_removals=3]
//
// Ends with 0 when every row was taken, 1 when the file was not done, 2 when rows were refused. SERIBU_URL,
// SERIBU_CLIENT_ID and SERIBU_CLIENT_SECRET come from the environment.

declare(strict_types=1);

require __DIR__ . '/autoload.php';

[$url, $id, $secret] = array_map(getenv(...), ['SERIBU_URL', 'SERIBU_CLIENT_ID', 'SERIBU_CLIENT_SECRET']);
$seribu = new Seribu\Client($url ?: 'http://127.0.0.1:8080', $id ?: '', $secret ?: '');
parse_str(implode('&', array_slice($argv, 2)), $asked);
try {
    $rows = $seribu->sync(
        'mentors',
        $argv[1],
        mode: $asked['mode'] ?? 'upsert',
        dryRun: ($asked['dry_run'] ?? '') === 'true',
        allowRemovals: isset($asked['allow_removals']) ? (int) $asked['allow_removals'] : null,
    );
    foreach ($rows as $row) {
        if ($row['result'] === 'rejected') {
            foreach ($row['problem']['errors'] ?? [$row['problem']] as $flaw) {
                echo "line {$row['line']}, {$row['external_id']}: ", $flaw['pointer'] ?? '', " {$flaw['detail']}\n";
            }
        }
    }
    $end = $rows->getReturn();
    echo json_encode($end), "\n";
    exit($end['summary']['rejected'] > 0 ? 2 : 0);
} catch (Seribu\Problem | Seribu\ConnectionLost $failure) {
    fwrite(STDERR, $failure->getMessage() . "\n");
    exit(1);
}
