#!/bin/sh
# Copies the files of web/dist to a bucket of Amazon S3: sh web/hosting/s3.sh BUCKET [FOLDER]
# Each object is the brotli form, which every browser that the widget supports accepts over HTTPS.
set -eu
LC_ALL=C # plura-chat.js is the last file of this order, so the files that it names are there before it
export LC_ALL
bucket=$1
cd "${2:-web/dist}"
for file in *; do
  case $file in
    *.br | *.gz) continue ;;
    *.js) type="text/javascript; charset=utf-8" ;;
    *.json) type=application/json ;;
    *.wasm) type=application/wasm ;;
    *.html) type="text/html; charset=utf-8" ;;
    *) type="text/plain; charset=utf-8" ;;
  esac
  case $file in
    plura-chat-*) caching="public, max-age=31536000, immutable" ;;
    plura-chat.js) caching="public, max-age=300" ;;
    *) caching=no-cache ;;
  esac
  aws s3 cp "$file.br" "s3://$bucket/$file" --content-encoding br --content-type "$type" --cache-control "$caching"
done
