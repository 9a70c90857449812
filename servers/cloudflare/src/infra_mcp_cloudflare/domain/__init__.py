"""What DNS and Cloudflare's records are: their names, values and rules."""
