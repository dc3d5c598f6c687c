# An archive in containers: compose.yaml has the scheduler and the pages on one volume.
FROM python:3.13-slim AS build

WORKDIR /src
RUN python -m venv /opt/dossier
COPY requirements-run.lock ./
RUN /opt/dossier/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r requirements-run.lock
COPY pyproject.toml README.md LICENSE ./
COPY archive ./archive
COPY crawler ./crawler
COPY pipelines ./pipelines
RUN /opt/dossier/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.13-slim

RUN groupadd --system --gid 10001 dossier \
    && useradd --system --uid 10001 --gid dossier --no-create-home --shell /usr/sbin/nologin dossier \
    && install --directory --owner=dossier --group=dossier --mode=0750 /data
COPY --from=build /opt/dossier /opt/dossier
ENV PATH=/opt/dossier/bin:$PATH \
    DOSSIER_DATA=/data \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8001
HEALTHCHECK --interval=5m --timeout=30s --start-period=2m CMD ["dossier", "schedule", "status", "--check"]
ENTRYPOINT ["dossier"]
CMD ["schedule", "run"]
