# The images of both programs, for linux/amd64 and linux/arm64:
#
#   docker build --target otelcol-integrationlog --build-arg VERSION=v0.1.0 .   Apache-2.0
#   docker build --target integrationlog --build-arg VERSION=v0.1.0 .           AGPL-3.0 as a
#                                                     whole, because it links Loki; see NOTICE
#
# They hold one static binary each, certificates, licences and configurations, and no shell.
ARG GO_VERSION=1.26.10

# Go compiles for other machines by itself, so this runs on the one that builds.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-trixie AS source
# The Go of the image, and no other that it would download.
ENV GOTOOLCHAIN=local CGO_ENABLED=0 GOCACHE=/go/build
WORKDIR /src
COPY . .
# Directories that the final images take as they are: there is nothing in them to create any.
RUN mkdir -p -m 700 /data/integrationlog && mkdir -p /temporary/tmp && chmod 1777 /temporary/tmp

FROM source AS build-otelcol-integrationlog
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=devel
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/go/build \
    go run -C internal/release . -programs otelcol-integrationlog -platforms "$TARGETOS/$TARGETARCH" \
        -version "$VERSION" -directory /out

FROM source AS build-integrationlog
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=devel
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/go/build \
    go run -C internal/release . -programs integrationlog -platforms "$TARGETOS/$TARGETARCH" \
        -version "$VERSION" -directory /out

FROM scratch AS base
COPY --from=source /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
# A volume that is mounted on /var/lib/integrationlog gets its owner.
COPY --from=source --chown=65532:65532 /data/ /var/lib/
COPY --from=source /temporary/ /
COPY config/gateway.yaml config/products.yaml config/log-page.yaml config/all-in-one.yaml /etc/integrationlog/
ENV INTEGRATIONLOG_DATA_DIR=/var/lib/integrationlog
VOLUME /var/lib/integrationlog
USER 65532:65532
WORKDIR /var/lib/integrationlog
ARG VERSION=devel
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="The Integration Log Authors" \
      org.opencontainers.image.source="https://github.com/integrationlog/integrationlog" \
      org.opencontainers.image.documentation="https://github.com/integrationlog/integrationlog/blob/main/docs/deployment.md" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"

FROM base AS integrationlog
LABEL org.opencontainers.image.title="integrationlog" \
      org.opencontainers.image.description="What your integrations did, on one machine, Loki included" \
      org.opencontainers.image.licenses="AGPL-3.0-only"
COPY --from=build-integrationlog /out/ /
EXPOSE 8700 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/integrationlog", "health"]
ENTRYPOINT ["/integrationlog"]

# The last one is what is built without a target.
FROM base AS otelcol-integrationlog
LABEL org.opencontainers.image.title="otelcol-integrationlog" \
      org.opencontainers.image.description="What your integrations did, as OpenTelemetry log records: the collector, beside a Loki that you run" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build-otelcol-integrationlog /out/ /
EXPOSE 8700 8080 9464 8888
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/otelcol-integrationlog", "health"]
ENTRYPOINT ["/otelcol-integrationlog"]
CMD ["--config=/etc/integrationlog/gateway.yaml", "--config=/etc/integrationlog/products.yaml"]
