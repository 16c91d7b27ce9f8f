#!/bin/sh
# fetch-orleans-sql.sh LIST FOLDER: gets Orleans' own PostgreSQL scripts into FOLDER, under their paths in Orleans' repository.
# LIST has a line "# ref: COMMIT" and lines "SHA256  PATH"; anything that is not the listed file is an error.
set -eu

list=$1 folder=$2
ref=$(sed -n 's/^# ref: *//p' "$list")
[ -n "$ref" ] || { echo "$list names no commit: the line '# ref: COMMIT' is missing." >&2; exit 1; }

mkdir -p "$folder"
grep -v -e '^#' -e '^ *$' "$list" >"$folder/.sums"
cd "$folder"
while read -r _ path; do
    curl --fail --silent --show-error --location --retry 3 --create-dirs --output "$path" "https://raw.githubusercontent.com/dotnet/orleans/$ref/$path"
done <.sums
sha256sum --check --strict .sums
rm .sums
