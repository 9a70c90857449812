"""MCP server for Proxmox VE."""
