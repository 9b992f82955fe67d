#!/bin/sh
# What the image does with its arguments, as the image of registry 2.8.2 does.
set -eu
case ${1:-} in
  *.yml | *.yaml) set -- registry serve "$@" ;;
  serve | garbage-collect | help | -*) set -- registry "$@" ;;
esac
exec "$@"
