"""The tools of kubectl-mcp, by noun."""
