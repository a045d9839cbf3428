# syntax=docker/dockerfile:1
# The Rasa 3.6 engine with the classic assistant, trained: for trying things out, and a pattern for
# an engine of your own. Its packages are as old as the engine is (docs/decisions/006).
#   docker build -f docker/engine.Dockerfile -t ges-callback-engine:0.1.0 .
# Behind a mirror of packages: --secret id=pip-conf,src=/etc/pip.conf
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /assistant

# As listed, not resolved; rasa itself names Python below 3.11, on which it runs all the same.
COPY engine/requirements.lock engine/
RUN --mount=type=secret,id=pip-conf,target=/etc/pip.conf \
    python -m venv --without-pip /opt/engine \
    && pip --python /opt/engine/bin/python install --require-hashes --no-deps --ignore-requires-python \
        -r engine/requirements.lock

COPY engine engine/
COPY domain/classic domain/classic/
COPY data/classic data/classic/
COPY --chmod=0644 docker/answers.py /opt/engine/answers.py
# What ships is validated by the tests; doing it again would double the training time. The checkout may
# be one that only its owner reads.
RUN export HOME=/tmp/home RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3 \
    && export RASA_CACHE_DIRECTORY=/tmp/cache \
    && mkdir -p /tmp/home \
    && /opt/engine/bin/rasa train --quiet --skip-validation \
        --config engine/config.yml --domain domain/classic --data data/classic \
        --out models --fixed-model-name callback \
    && chmod -R a+rX engine models

FROM ${PYTHON_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ges-callback-engine" \
      org.opencontainers.image.description="Rasa 3.6 with the callback assistant" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# What Rasa, Keras and matplotlib leave in a home directory goes where the container may write.
ENV PATH=/opt/engine/bin:$PATH \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RASA_CACHE_DIRECTORY=/tmp/cache \
    RASA_TELEMETRY_ENABLED=false \
    SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    TF_CPP_MIN_LOG_LEVEL=3
COPY --from=build /opt/engine /opt/engine
WORKDIR /assistant
COPY --from=build /assistant/engine engine/
COPY --from=build /assistant/models models/
USER 1001:0
EXPOSE 5005
# Loading the model takes a while.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "/opt/engine/answers.py", "5005", "/webhooks/callback/"]
CMD ["rasa", "run", "--model", "models/callback.tar.gz", "--port", "5005", "--endpoints", "engine/endpoints.yml", "--credentials", "engine/credentials.yml"]
