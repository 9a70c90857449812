"""The tools of terraform-mcp, by noun."""
