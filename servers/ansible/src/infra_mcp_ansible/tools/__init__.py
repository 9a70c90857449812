"""The tools of ansible-mcp, by noun."""
