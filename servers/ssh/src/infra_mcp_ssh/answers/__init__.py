"""What the tools of ssh-mcp return."""
