#!/bin/sh
# Stands in for the official image's entry point.
[ "${1:-}" != minio ] || shift
exec minio "$@"
