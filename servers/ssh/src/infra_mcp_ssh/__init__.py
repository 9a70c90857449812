"""MCP server for SSH hosts."""
