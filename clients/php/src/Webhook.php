<?php

declare(strict_types=1);

namespace Seribu;

/** Verifies what comes to a webhook (Standard Webhooks). */
final class Webhook
{
    /** @param string $secret as it was given when the webhook was registered: `whsec_…` */
    public function __construct(#[\SensitiveParameter] private readonly string $secret)
    {
    }

    /**
     * The event in a message. A message can come twice: remember `webhook-id`.
     *
     * @param string $body as it came: file_get_contents('php://input')
     * @param array<string, string|list<string>> $headers getallheaders(), or those of a PSR-7 request
     * @return array<string, mixed>
     */
    public function verify(string $body, array $headers, int $tolerance = 300, ?int $now = null): array
    {
        $headers = array_change_key_case($headers);
        [$id, $sent, $signatures] = array_map(
            static fn (string $name): string => implode(' ', (array) ($headers["webhook-$name"] ?? '')),
            ['id', 'timestamp', 'signature'],
        );
        $key = base64_decode(preg_replace('/^whsec_/', '', $this->secret), true);
        if ($id === '' || $signatures === '' || !ctype_digit($sent) || $key === false || $key === '') {
            throw new InvalidSignature('A header is missing, or the secret is none');
        }
        if (abs(($now ?? time()) - (int) $sent) > $tolerance) {
            throw new InvalidSignature('Sent too long ago, or a clock is wrong');
        }
        $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$sent.$body", $key, true));
        foreach (explode(' ', $signatures) as $signature) {
            if (hash_equals($expected, $signature)) {
                return json_decode($body, true, 64, JSON_THROW_ON_ERROR);
            }
        }
        throw new InvalidSignature('Signed by somebody else, or changed on the way');
    }
}
