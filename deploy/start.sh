#!/bin/sh
# Inside the image: the built encoder and model into the data folder, then `folkmoot` with the words given.
set -eu
for part in encoder models; do
    ln -sfn "/built/$part" "$FOLKMOOT_HOME/$part"
done
exec /app/.venv/bin/python -m cli "$@"
