"""The way to Cloudflare, and to the snapshots on this machine."""
