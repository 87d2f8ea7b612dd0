# syntax=docker/dockerfile:1
# One image with the five binaries; docker-compose.yml picks one for each service.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The caches hold the registry and the compiled dependencies, so that a change in one crate rebuilds that crate.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bins \
      --package entente --package entente-ingest --package entente-extract \
      --package entente-enrich --package entente-publish \
    && mkdir /out \
    && cp target/release/entente target/release/entente-ingest target/release/entente-extract \
          target/release/entente-enrich target/release/entente-publish /out/

FROM gcr.io/distroless/cc-debian12
COPY --from=build /out/ /usr/local/bin/
COPY LICENSE LICENSE-MIT LICENSE-APACHE NOTICE /usr/share/doc/entente/
COPY config/ /etc/entente/
ENV ENTENTE_CONFIG_DIR=/etc/entente
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/entente"]
