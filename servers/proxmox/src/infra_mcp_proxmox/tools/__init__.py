"""The tools of proxmox-mcp, by noun."""
