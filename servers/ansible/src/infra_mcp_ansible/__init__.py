"""MCP server for Ansible."""
