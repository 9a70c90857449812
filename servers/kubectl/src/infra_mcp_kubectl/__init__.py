"""MCP server for Kubernetes, over kubectl."""
