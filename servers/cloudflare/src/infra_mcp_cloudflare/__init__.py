"""MCP server for Cloudflare."""
