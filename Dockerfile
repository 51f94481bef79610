# The command line in a container that needs no root and may have a read-only file system:
#   docker build --tag tradeviz .
#   docker run --rm --read-only --tmpfs /tmp --volume "$PWD/site:/site" tradeviz
FROM python:3.12-slim-bookworm

# Chromium prints pages to PDF; the fonts are those that it and the pages fall back on.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-core tini \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/tradeviz
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY data data
COPY notebooks notebooks
COPY src src
RUN python -m pip install --no-cache-dir --quiet --constraint requirements.lock ".[watch]"

# Nothing is written below /opt or home: what a run needs beside the site goes to /tmp, which may be a tmpfs.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp/home tradeviz && install -d -o tradeviz /site
ENV HOME=/tmp/home TMPDIR=/tmp MPLCONFIGDIR=/tmp/matplotlib PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /site
VOLUME ["/site"]
ENTRYPOINT ["tini", "--", "tradeviz"]
CMD ["build", "--out", "/site"]
