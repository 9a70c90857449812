"""What the tools of kubectl-mcp return, by noun."""
