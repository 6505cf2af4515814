# syntax=docker/dockerfile:1
FROM rust:1-bookworm AS build
WORKDIR /seribu
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/seribu/target \
    cargo build --release --locked --bin seribu \
    && install -D target/release/seribu /out/seribu

FROM debian:bookworm-slim
# A new volume takes over the owner and mode of the folder that it is mounted on.
RUN groupadd --gid 10001 seribu \
    && useradd --no-log-init --no-create-home --uid 10001 --gid seribu --home-dir /var/lib/seribu \
        --shell /usr/sbin/nologin seribu \
    && install -d -o seribu -g seribu -m 0700 /var/lib/seribu
# For a bucket that is reached over TLS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/seribu /usr/local/bin/seribu
ENV SERIBU_DATA_DIR=/var/lib/seribu \
    SERIBU_LISTEN=0.0.0.0:8080
USER 10001:10001
VOLUME ["/var/lib/seribu"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["seribu", "health"]
ENTRYPOINT ["seribu"]
CMD ["serve"]
