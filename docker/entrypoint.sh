#!/bin/sh
# shellcheck disable=SC2086 # several arguments in one variable
exec java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${CANDOR_JVM_ARGS:-} -jar /opt/candor/candor.jar "$@"
