#!/bin/sh
# Make ./configure from configure.ac.
set -eu
cd "$(dirname "$0")"
mkdir -p build-aux m4
# pkg-config brings macros, which aclocal would miss without a word.
for tool in autoconf automake pkg-config:pkgconf; do
	command -v "${tool%:*}" >/dev/null || {
		echo "autogen.sh: ${tool%:*} is missing" \
			"(Debian package ${tool#*:})" >&2
		exit 1
	}
done
exec autoreconf --install --force
