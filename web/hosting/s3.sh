#!/bin/sh
# Copies the newest build of web/dist to a bucket of Amazon S3: sh web/hosting/s3.sh BUCKET [FOLDER]
# BUCKET may have a folder, as in my-bucket/chat. Each object is the brotli form, which every browser that the widget
# supports accepts over HTTPS. The order of the lists is safe: no file loads one that is not there yet.
set -eu
bucket=$1
cd "${2:-web/dist}"
for list in upload-1.txt upload-2.txt upload-3.txt; do
  case $list in
    upload-1.txt) caching="public, max-age=31536000, immutable" ;;
    upload-2.txt) caching=no-cache ;;
    upload-3.txt) caching="public, max-age=300" ;;
  esac
  while read -r file; do
    case $file in
      *.br | *.gz) continue ;;
      *.js) type="text/javascript; charset=utf-8" ;;
      *.json) type=application/json ;;
      *.wasm) type=application/wasm ;;
      *.html) type="text/html; charset=utf-8" ;;
      *) type="text/plain; charset=utf-8" ;;
    esac
    from=$file.br
    set -- --content-encoding br
    if [ "$file" = builds.json ]; then # the only file without a compressed form, which only you read
      from=$file
      set --
    fi
    aws s3 cp "$from" "s3://$bucket/$file" "$@" --content-type "$type" --cache-control "$caching" </dev/null
  done <"$list"
done
