"""MCP server for Terraform."""
