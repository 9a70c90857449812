"""The tools of cloudflare-mcp."""
