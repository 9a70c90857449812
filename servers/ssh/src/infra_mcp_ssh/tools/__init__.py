"""The tools of ssh-mcp, by noun."""
