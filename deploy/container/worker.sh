#!/bin/sh
# Registers the deployments of prefect.yaml with the server that PREFECT_API_URL names, and runs what is due.
set -eu
cd /app
prefect work-pool create nianbao --type process --overwrite
prefect --no-prompt deploy --all
exec prefect worker start --pool nianbao --type process
