"""The rules of DNS and of Cloudflare's records, without any request."""
